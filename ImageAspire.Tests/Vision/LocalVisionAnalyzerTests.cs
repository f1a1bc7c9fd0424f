using System.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Vision;

/// <summary>The adapter, beside a service that answers what each test says.</summary>
[Trait("Category", "Slow")]
public sealed class LocalVisionAnalyzerTests : ImageAnalyzerContract, IAsyncLifetime
{
    private const string Answer = """
        {"modelVersion":"seeing/1","metadata":{"width":600,"height":450},
         "captionResult":{"text":"A dog and two people, bright.","confidence":0.6},
         "tagsResult":{"values":[{"name":"Dog","confidence":0.61},{"name":"landscape","confidence":0.2}]},
         "objectsResult":{"values":[{"boundingBox":{"x":10,"y":20,"w":300,"h":200},"tags":[{"name":"Dog","confidence":0.61}]}]},
         "peopleResult":{"values":[{"boundingBox":{"x":1,"y":2,"w":30,"h":40},"confidence":0.4},{"boundingBox":{"x":5,"y":6,"w":70,"h":80},"confidence":0.7}]},
         "readResult":{"blocks":[{"lines":[{"text":"<b>SALE</b>","boundingPolygon":[{"x":5,"y":6},{"x":50,"y":8},{"x":48,"y":20},{"x":4,"y":18}],
           "words":[{"text":"<b>SALE</b>","confidence":0.75,"boundingPolygon":[]}]}]}]}}
        """;

    private static readonly ThumbnailInfo Large = new(1024, 300, 225, "image/jpeg", 9);
    private FakeVisionService _service = null!;

    public async ValueTask InitializeAsync() => _service = await FakeVisionService.StartAsync(FakeVisionService.Json(200, Answer));

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private protected override IImageAnalyzer Create() => _service.Analyzer();

    [Fact]
    public async Task Analyze_FullAnswer_IsMergedWithWhatWasMeasured()
    {
        var seen = await AnalyzeAsync(Measured);

        (seen.Provider, seen.Model, seen.Caption).ShouldBe(("local-vision", "seeing/1", "A dog and two people, bright."));
        seen.Tags.Select(tag => tag.Name).ShouldBe(["landscape", "blue", "afternoon", "green", "bright", "dog", "sharp"], ignoreOrder: true);
        seen.Tags.ShouldContain(new ImageTag("landscape", 1)); // measured, and surer
        seen.Objects.ShouldBe([new DetectedObject("dog", 0.61, new BoundingBox(10, 20, 300, 200))]);
        seen.People.ShouldBe([new DetectedPerson(0.7, new BoundingBox(5, 6, 70, 80)), new DetectedPerson(0.4, new BoundingBox(1, 2, 30, 40))]);
        seen.Text.ShouldBe([new DetectedText("<b>SALE</b>", 0.75, new BoundingBox(4, 6, 46, 14))]);
    }

    [Fact]
    public async Task Analyze_Request_IsWhatThePublicApiTakes()
    {
        using var span = new Activity("AnalyzeImage").Start();
        await AnalyzeAsync(Measured);

        var (body, headers, address) = _service.Requests.ShouldHaveSingleItem();
        body.ShouldBe(TestImages.Jpeg(600, 450));
        address.ShouldStartWith("POST /computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags,objects,people,caption,read");
        headers["Ocp-Apim-Subscription-Key"].ShouldBe("a-key-for-tests");
        headers["Content-Type"].ShouldBe("application/octet-stream");
        headers["traceparent"].ShouldContain(span.TraceId.ToString());
        headers["baggage"].ShouldBe($"imageaspire.image.id={Measured.Id:D}");
    }

    [Fact]
    public async Task Analyze_NothingSeen_HasTheMeasuredCaption()
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Json(200, """{"captionResult":{"text":"An image."}}"""));

        var seen = await service.Analyzer().AnalyzeAsync(Measured, Open, default);

        (seen.Caption, seen.Model, seen.Objects.Count).ShouldBe(("A bright landscape photo, mostly blue and green, taken in the afternoon.", "unknown", 0));
    }

    [Fact]
    public async Task Analyze_RotatedImage_ShowsTheOriginalBecauseTheServiceTurnsIt()
    {
        List<ThumbnailInfo?> shown = [];
        var record = Measured with { Orientation = 6, Width = 1200, Height = 900, Thumbnails = [Large with { Width = 600, Height = 450 }] };

        var seen = await _service.Analyzer().AnalyzeAsync(record, (thumbnail, token) =>
        {
            shown.Add(thumbnail);
            return Open(thumbnail, token);
        }, default);

        shown.ShouldBe([null]);
        seen.Objects[0].Box.ShouldBe(new BoundingBox(20, 40, 600, 400));
    }

    [Fact]
    public async Task Analyze_FormatOfFewPrograms_ShowsTheThumbnailAndScalesBoxes()
    {
        ThumbnailInfo? shown = null;
        var record = Measured with { ContentType = "image/heic", Width = 1200, Height = 900, Thumbnails = [Large with { Width = 600, Height = 450 }] };

        var seen = await _service.Analyzer().AnalyzeAsync(record, (thumbnail, token) => Open(shown = thumbnail, token), default);

        shown.ShouldBe(record.Thumbnails[0]);
        seen.Objects[0].Box.ShouldBe(new BoundingBox(20, 40, 600, 400));
    }

    [Fact]
    public async Task Analyze_TooSmallForTheService_HasMeasuredFactsOnly()
    {
        var seen = await AnalyzeAsync(Measured with { Width = 40, Height = 30 });

        (seen.Provider, _service.Requests.Count).ShouldBe(("built-in", 0));
    }

    [Theory]
    [InlineData("InvalidRequest", "NotSupportedImage", "NotSupportedImage")]
    [InlineData("UnsupportedApiVersion", null, "UnsupportedApiVersion")]
    public async Task Analyze_400_IsRefusedWithTheServicesCode(string code, string? inner, string expected)
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Error(400, code, inner));

        (await Should.ThrowAsync<AnalyzerRefusedException>(() => service.Analyzer().AnalyzeAsync(Measured, Open, default))).Code.ShouldBe(expected);
    }

    [Fact]
    public async Task Analyze_BytesRefused_ShowsTheThumbnailInstead()
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Error(400, "InvalidRequest", "InvalidImageFormat"), FakeVisionService.Json(200, Answer));
        List<ThumbnailInfo?> shown = [];

        await service.Analyzer().AnalyzeAsync(Measured with { Thumbnails = [Large] }, (thumbnail, token) =>
        {
            shown.Add(thumbnail);
            return Open(thumbnail, token);
        }, default);

        shown.ShouldBe([null, Large]);
    }

    [Theory]
    [InlineData(503, "7", 7, FaultCauses.DependencyFailed)]
    [InlineData(429, "30", 30, FaultCauses.DependencyFailed)]
    [InlineData(503, null, 2, FaultCauses.DependencyFailed)]
    [InlineData(401, null, 60, FaultCauses.DependencyRefused)]
    [InlineData(403, null, 60, FaultCauses.DependencyRefused)]
    [InlineData(404, null, 60, FaultCauses.DependencyRefused)]
    public async Task Analyze_ServiceIsNotToBlameTheImage_Waits(int status, string? retryAfter, int seconds, string cause)
    {
        await using var service = await FakeVisionService.StartAsync(FakeVisionService.Error(status, "x", null, retryAfter));

        var error = await Should.ThrowAsync<AnalyzerUnavailableException>(() => service.Analyzer().AnalyzeAsync(Measured, Open, default));

        (error.RetryAfter, error.Fault).ShouldBe((TimeSpan.FromSeconds(seconds), new Fault(cause, DependencyNames.Vision)));
    }

    [Fact]
    public async Task Analyze_NoServer_Waits()
    {
        var unused = new Uri($"http://127.0.0.1:{Ports.Free()}");

        var error = await Should.ThrowAsync<AnalyzerUnavailableException>(() => FakeVisionService.AnalyzerAt(unused).AnalyzeAsync(Measured, Open, default));

        error.RetryAfter.ShouldNotBeNull();
        error.Fault.Cause.ShouldBe(FaultCauses.DependencyAway);
    }

    [Fact]
    public async Task Analyze_ServiceBreaksOnTheImage_IsAnAttemptThatCounts()
    {
        await using var service = await FakeVisionService.StartAsync(
            FakeVisionService.Error(500, "InternalServerError", "Timeout"),
            FakeVisionService.Json(200, "<html>"),
            context =>
            {
                context.Abort(); // as when the service is killed in mid-analysis
                return Task.CompletedTask;
            });
        var analyzer = service.Analyzer();

        for (var i = 0; i < 3; i++)
            await Should.ThrowAsync<AnalyzerFailedException>(() => analyzer.AnalyzeAsync(Measured, Open, default));
    }

    [Fact]
    public async Task Analyze_ServiceHangs_WaitsAndLeavesItAloneAfterAWhile()
    {
        await using var service = await FakeVisionService.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var analyzer = service.Analyzer(TimeSpan.FromMilliseconds(200));

        for (var i = 0; i < 2; i++)
        {
            var slow = await Should.ThrowAsync<AnalyzerUnavailableException>(() => analyzer.AnalyzeAsync(Measured, Open, default));
            (slow.RetryAfter, slow.Fault.Cause).ShouldBe((null, FaultCauses.DependencySlow));
        }

        (await Should.ThrowAsync<AnalyzerUnavailableException>(() => analyzer.AnalyzeAsync(Measured, Open, default))).RetryAfter.ShouldNotBeNull();

        service.Requests.Count.ShouldBe(2); // the third one was not sent
    }
}
