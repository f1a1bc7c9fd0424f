using System.Text;
using System.Text.Json;
using ImageAspire.Analysis;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Vision;

/// <summary>The client of the vectorize routes, beside a service that answers what each test says.</summary>
public sealed partial class VisionVectorizerTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeLogger<VisionVectorizer> _log = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task OfText_Answer_IsAVectorOfItsModel()
    {
        await using var service = await FakeVisionService.StartAsync(Vector("minilm", Numbers(384)));
        using var vectorizer = At(service);

        var vector = (await vectorizer.OfTextAsync("a \"dog\"", Patience, None)).ShouldNotBeNull();

        (vector.Model, vector.Values.Length).ShouldBe(("minilm", 384));
        Math.Sqrt(vector.Values.ToArray().Sum(value => value * value)).ShouldBe(1, 1e-5);
        var request = service.Requests.ShouldHaveSingleItem();
        request.Address.ShouldBe("POST /computervision/retrieval:vectorizeText?api-version=2024-02-01&model-version=2023-04-15");
        JsonDocument.Parse(request.Body).RootElement.GetProperty("text").GetString().ShouldBe("a \"dog\"");
        request.Headers["Ocp-Apim-Subscription-Key"].ShouldBe("a-key-for-tests");
    }

    [Fact]
    public async Task OfImage_Bytes_AreSentAsTheyAre()
    {
        await using var service = await FakeVisionService.StartAsync(Vector("resnet", Numbers(512)));
        using var vectorizer = At(service);

        (await vectorizer.OfImageAsync(new byte[] { 1, 2, 3 }, Patience, None))!.Values.Length.ShouldBe(512);

        var request = service.Requests.ShouldHaveSingleItem();
        request.Address.ShouldBe("POST /computervision/retrieval:vectorizeImage?api-version=2024-02-01&model-version=2023-04-15");
        request.Headers["Content-Type"].ShouldBe("application/octet-stream");
        request.Body.ShouldBe([1, 2, 3]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1,2,3]")]
    [InlineData("<html>")]
    [InlineData("{\"modelVersion\":\"m\",\"vector\":[1,2")]
    [InlineData("{\"modelVersion\":\"m\",\"vector\":[NaN,1,1,1,1,1,1,1]}")]
    [InlineData("{\"modelVersion\":\"m\",\"vector\":[\"NaN\",1,1,1,1,1,1,1]}")]
    [InlineData("{\"modelVersion\":\"m\",\"vector\":[1e999,1,1,1,1,1,1,1]}")]
    [InlineData("{\"modelVersion\":\"m\",\"vector\":[null,1,1,1,1,1,1,1]}")]
    [InlineData("{\"modelVersion\":\"m\",\"vector\":[0,0,0,0,0,0,0,0]}")]
    [InlineData("{\"modelVersion\":\"m\",\"vector\":[1,2,3]}")]
    [InlineData("{\"modelVersion\":\"m\",\"vector\":null}")]
    [InlineData("{\"modelVersion\":\"\",\"vector\":[1,1,1,1,1,1,1,1]}")]
    [InlineData("{\"modelVersion\":\"a\\nb\",\"vector\":[1,1,1,1,1,1,1,1]}")]
    [InlineData("{\"vector\":[1,1,1,1,1,1,1,1]}")]
    public async Task OfText_SomethingThatIsNoVector_IsRefused(string body)
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Json(200, body));
        using var vectorizer = At(service);

        await Should.ThrowAsync<VectorizerUnavailableException>(() => vectorizer.OfTextAsync("dog", Patience, None));
    }

    [Fact]
    public async Task OfText_EndlessNumbers_IsRefusedAfterAFewOfThem()
    {
        var sent = 0L;
        await using var service = await FakeVisionService.StartAsync(async context =>
        {
            await context.Response.WriteAsync("{\"modelVersion\":\"m\",\"vector\":[1");
            for (; sent < 1_000_000_000 && !context.RequestAborted.IsCancellationRequested; sent += 1000)
                await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(",1", 1000))), context.RequestAborted);
        });
        using var vectorizer = At(service);

        await Should.ThrowAsync<VectorizerUnavailableException>(() => vectorizer.OfTextAsync("dog", Patience, None));
        sent.ShouldBeLessThan(10_000_000);
    }

    [Fact]
    public async Task OfText_TooSlow_IsGivenUp()
    {
        await using var service = await FakeVisionService.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var vectorizer = At(service);

        await Should.ThrowAsync<VectorizerUnavailableException>(() => vectorizer.OfTextAsync("dog", TimeSpan.FromMilliseconds(50), None));
    }

    [Fact]
    public async Task OfText_CallerGivesUp_IsCancelledAndNoFailure()
    {
        await using var service = await FakeVisionService.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var vectorizer = At(service);
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Should.ThrowAsync<OperationCanceledException>(() => vectorizer.OfTextAsync("dog", Patience, caller.Token));
        _log.Collector.Count.ShouldBe(0);
    }

    [Fact]
    public async Task OfText_NoService_IsUnavailable()
    {
        using var vectorizer = At(new Uri($"http://127.0.0.1:{Ports.Free()}/"));
        await Should.ThrowAsync<VectorizerUnavailableException>(() => vectorizer.OfTextAsync("dog", Patience, None));
    }

    private VisionVectorizer At(FakeVisionService service) => At(service.Address);

    private VisionVectorizer At(Uri address) => new(VisionServiceProfile.Local,
        new VisionServiceOptions { Endpoint = address.ToString(), Key = "a-key-for-tests", TimeLimit = TimeSpan.FromSeconds(60) }, _time, _log);

    private static RequestDelegate Vector(string model, float[] numbers) =>
        FakeVisionService.Json(200, JsonSerializer.Serialize(new { modelVersion = model, vector = numbers }));

    private static float[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(i => (float)Math.Sin(i))];
}
