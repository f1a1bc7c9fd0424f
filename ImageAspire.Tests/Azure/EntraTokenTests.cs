using Azure.Core;
using Azure.Identity;
using ImageAspire.Azure;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Vision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Azure;

/// <summary>Azure AI Vision by REST without a key: Entra tokens. (The SDK's own handling of tokens refuses plain HTTP.)</summary>
public sealed class EntraTokenTests
{
    private static readonly ImageRecord Image = Samples.In(ImageStatus.Inspected) with { Width = 600, Height = 450, Orientation = 1 };
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Credential _credential;

    public EntraTokenTests() => _credential = new Credential(_clock);

    [Fact]
    public async Task Analyze_NoKey_SignsWithOneTokenUntilItEnds()
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Json(200, "{}"));
        var analyzer = At(service);
        await AskAsync(analyzer);
        await AskAsync(analyzer);
        _clock.Advance(TimeSpan.FromMinutes(56)); // less than five minutes before the end
        await AskAsync(analyzer);

        service.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
        service.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("Ocp-Apim-Subscription-Key"));
        _credential.Scopes.ShouldBe(["https://cognitiveservices.azure.com/.default", "https://cognitiveservices.azure.com/.default"]);
    }

    [Fact]
    public async Task Analyze_TokenWithdrawn_AsksForAnotherNextTime()
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Error(401, "Unauthorized"), FakeVisionService.Json(200, "{}"));
        var analyzer = At(service);

        (await Should.ThrowAsync<AnalyzerUnavailableException>(() => AskAsync(analyzer))).Message.ShouldContain("Cognitive Services User");
        await AskAsync(analyzer);

        service.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer token-1", "Bearer token-2"]);
    }

    [Fact]
    public async Task Analyze_NoToken_WaitsAndSaysWhatToDo()
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Json(200, "{}"));
        _credential.Fails = true;

        var error = await Should.ThrowAsync<AnalyzerUnavailableException>(() => AskAsync(At(service)));

        (error.RetryAfter, service.Requests.Count).ShouldBe((TimeSpan.FromMinutes(1), 0));
        error.Message.ShouldContain("'Key=…'");
        error.Message.ShouldContain("nobody is signed in");
    }

    private static Task<ImageAnalysis> AskAsync(IImageAnalyzer analyzer) =>
        analyzer.AnalyzeAsync(Image, (_, _) => Task.FromResult<Stream>(new MemoryStream([1, 2, 3])), default);

    private IImageAnalyzer At(FakeVisionService service)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["ConnectionStrings:vision"] = service.Address.AbsoluteUri;
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddSingleton<TokenCredential>(_credential);
        builder.AddAzureVision().ShouldBeTrue();
        return builder.Services.BuildServiceProvider().GetRequiredService<IImageAnalyzer>();
    }

    private sealed class Credential(TimeProvider time) : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public bool Fails { get; set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new CredentialUnavailableException("nobody is signed in");
            Scopes.AddRange(requestContext.Scopes);
            return new(new AccessToken($"token-{Scopes.Count}", time.GetUtcNow().AddHours(1)));
        }
    }
}
