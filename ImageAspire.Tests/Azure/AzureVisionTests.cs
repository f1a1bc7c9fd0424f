using ImageAspire.Azure;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;
using ImageAspire.Tests.Vision;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageAspire.Tests.Azure;

/// <summary>The adapter as it is registered, whichever of its twins was compiled, beside a service that answers over HTTP what each test says.</summary>
public sealed class AzureVisionTests : ImageAnalyzerContract, IAsyncLifetime
{
    private const string Answer = """
        {"modelVersion":"2023-10-01","metadata":{"width":600,"height":450},
         "captionResult":{"text":"a dog on a beach","confidence":0.8},
         "tagsResult":{"values":[{"name":"Sand","confidence":0.5},{"name":"dog","confidence":0.99000001},{"name":" Dog","confidence":0.7}]},
         "objectsResult":{"values":[{"boundingBox":{"x":10,"y":20,"w":300,"h":200},"tags":[{"name":"Dog","confidence":0.9}]}]},
         "peopleResult":{"values":[{"boundingBox":{"x":1,"y":2,"w":30,"h":40},"confidence":0.9},{"boundingBox":{"x":1,"y":2,"w":30,"h":40},"confidence":0.01}]},
         "readResult":{"blocks":[{"lines":[{"text":"<b>SALE</b>","boundingPolygon":[{"x":5,"y":6},{"x":50,"y":8},{"x":48,"y":20},{"x":4,"y":18}],
           "words":[{"text":"<b>SALE</b>","confidence":0.75,"boundingPolygon":[]}]}]}]}}
        """;

    private FakeVisionService _service = null!;

    public async ValueTask InitializeAsync() => _service = await FakeVisionService.StartAsync(FakeVisionService.Json(200, Answer));

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Analyze_FullAnswer_IsMappedAndSorted()
    {
        var seen = await AnalyzeAsync(Measured);

        (seen.Provider, seen.Model, seen.Caption).ShouldBe(("azure-ai-vision", "2023-10-01", "A dog on a beach."));
        seen.Tags.ShouldBe([new ImageTag("dog", 0.99), new ImageTag("sand", 0.5)]);
        seen.Objects.ShouldBe([new DetectedObject("dog", 0.9, new BoundingBox(10, 20, 300, 200))]);
        seen.People.ShouldBe([new DetectedPerson(0.9, new BoundingBox(1, 2, 30, 40))]); // the faint one is a guess
        seen.Text.ShouldBe([new DetectedText("<b>SALE</b>", 0.75, new BoundingBox(4, 6, 46, 14))]);
    }

    [Fact]
    public async Task Analyze_RotatedImage_ShowsTheThumbnailAndScalesBoxes()
    {
        var thumbnail = new ThumbnailInfo(1024, 600, 450, "image/jpeg", 9);
        ThumbnailInfo? shown = null;
        var seen = await Create().AnalyzeAsync(
            Measured with { Orientation = 6, Width = 6000, Height = 4500, Thumbnails = [thumbnail] }, (which, token) => Open(shown = which, token), default);

        shown.ShouldBe(thumbnail);
        seen.Objects[0].Box.ShouldBe(new BoundingBox(100, 200, 3000, 2000));
    }

    [Fact]
    public async Task Analyze_Request_IsWhatThePublicApiTakes()
    {
        await AnalyzeAsync(Measured);

        var (body, headers, address) = _service.Requests.ShouldHaveSingleItem();
        body.ShouldBe(TestImages.Jpeg(600, 450));
        address.ShouldStartWith("POST /computervision/imageanalysis:analyze?");
        foreach (var wanted in (string[])["api-version=2023-10-01", "language=en", "gender-neutral-caption=true", "tags", "objects", "people", "caption", "read"])
            address.ShouldContain(wanted, Case.Insensitive);
        (headers["Ocp-Apim-Subscription-Key"], headers["Content-Type"], headers["Content-Length"])
            .ShouldBe(("a-key-for-tests", "application/octet-stream", $"{body.Length}"));
        headers.Keys.ShouldNotContain("baggage"); // ids are ours
    }

    [Theory]
    [InlineData("InvalidRequest", "NotSupportedVisualFeature", "explained")]
    [InlineData("InvalidRequest", null, "The feature 'Caption' is not supported in this region.")]
    public async Task Analyze_RegionWithoutCaptions_AsksAgainWithoutAndRemembers(string code, string? inner, string message)
    {
        await using var service = await FakeVisionService.StartAsync(
            FakeVisionService.Error(400, code, inner, message: message), FakeVisionService.Json(200, """{"tagsResult":{"values":[{"name":"dog","confidence":1}]}}"""));
        var analyzer = At(service);

        (await analyzer.AnalyzeAsync(Measured, Open, default)).Caption.ShouldBeNull();
        await analyzer.AnalyzeAsync(Measured, Open, default);

        service.Requests.Select(request => request.Address.Contains("caption", StringComparison.OrdinalIgnoreCase)).ShouldBe([true, false, false]);
    }

    [Theory]
    [InlineData(429, "30", 30)]
    [InlineData(429, null, 10)]
    [InlineData(503, "7", 7)]
    [InlineData(401, null, 60)]
    [InlineData(403, null, 60)]
    [InlineData(404, null, 60)]
    [InlineData(500, null, null)]
    [InlineData(502, "9", 9)]
    [InlineData(408, null, null)]
    public async Task Analyze_NotTheImagesFault_Waits(int status, string? retryAfter, int? seconds)
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Error(status, "x", null, retryAfter));

        (await Should.ThrowAsync<AnalyzerUnavailableException>(() => At(service).AnalyzeAsync(Measured, Open, default)))
            .RetryAfter.ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);
    }

    [Fact]
    public async Task Analyze_ConnectionEndsEarly_Waits()
    {
        RequestDelegate abort = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await using var service = await FakeVisionService.StartAsync(abort);

        await Should.ThrowAsync<AnalyzerUnavailableException>(() => At(service).AnalyzeAsync(Measured, Open, default));
    }

    [Fact]
    public async Task Analyze_ServiceHangs_WaitsAfterTheTimeLimit()
    {
        await using var service = await FakeVisionService.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        await Should.ThrowAsync<AnalyzerUnavailableException>(() => At(service, ("Vision:TimeLimit", "00:00:00.2")).AnalyzeAsync(Measured, Open, default));
    }

    [Theory]
    [InlineData(400, "InvalidRequest", "InvalidImageSize", "InvalidImageSize")]
    [InlineData(400, "NotSupportedImage", null, "NotSupportedImage")]
    [InlineData(415, "InvalidImageFormat", null, "InvalidImageFormat")]
    public async Task Analyze_TheServiceDoesNotTakeIt_IsRefusedWithTheServicesCode(int status, string code, string? inner, string expected)
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Error(status, code, inner));

        (await Should.ThrowAsync<AnalyzerRefusedException>(() => At(service).AnalyzeAsync(Measured, Open, default))).Code.ShouldBe(expected);
    }

    [Fact]
    public async Task Analyze_TooSmall_IsRefusedWithoutAsking()
    {
        await Should.ThrowAsync<AnalyzerRefusedException>(() => AnalyzeAsync(Measured with { Width = 40, Height = 40 }));

        _service.Requests.ShouldBeEmpty();
    }

    private protected override IImageAnalyzer Create() => At(_service);

    private static IImageAnalyzer At(FakeVisionService service, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["ConnectionStrings:vision"] = $"Endpoint={service.Address};Key=a-key-for-tests";
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddAzureVision().ShouldBeTrue();
        return builder.Services.BuildServiceProvider().GetRequiredService<IImageAnalyzer>();
    }
}
