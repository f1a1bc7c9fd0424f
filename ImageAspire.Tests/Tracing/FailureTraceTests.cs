using System.Diagnostics;
using System.Net;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Tracing;

/// <summary>What traces tell when something goes wrong, and what has no trace at all.</summary>
public sealed class FailureTraceTests
{
    [Fact]
    public async Task Trace_StageFailsTwice_ShowsEveryAttempt()
    {
        var analyzer = new Analyzer(attempt => attempt <= 2 ? throw new InvalidOperationException($"no {attempt}") : Samples.Analysis);
        await using var host = await TraceHost.StartAsync(services => TraceHost.UseAnalyzer(services, analyzer));

        var record = await host.UploadAsync(TestImages.Jpeg(seed: 9101));
        await host.WaitAsync(record.Id, ImageStatus.Analyzed);

        var attempts = await AttemptsAsync(host, record, 3);
        attempts.Select(span => span.GetTagItem(Spans.DeliveryCount)).ShouldBe([1, 2, 3]);
        attempts.Select(span => span.GetTagItem(Spans.Outcome)).ShouldBe(["retry", "retry", "done"]);
        attempts.Select(span => span.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Unset]);
        attempts.Select(span => span.ParentSpanId).Distinct().Count().ShouldBe(1); // all of the one message
        attempts[0].StatusDescription.ShouldNotBeNull().ShouldContain("no 1");
        attempts[0].GetTagItem("error.type").ShouldBe("System.InvalidOperationException");
        attempts[0].Events.ShouldHaveSingleItem().Name.ShouldBe("exception");
        attempts[0].GetTagItem(Spans.FaultCause).ShouldBe("our-fault");
    }

    [Fact]
    public async Task Trace_StageNeverWorks_EndsInFailedWithTheRecordsStatus()
    {
        await using var host = await TraceHost.StartAsync(
            services => TraceHost.UseAnalyzer(services, new Analyzer(_ => throw new InvalidOperationException("never"))), ("Worker:Attempts", "2"));

        var record = await host.UploadAsync(TestImages.Jpeg(seed: 9102));
        await host.WaitAsync(record.Id, ImageStatus.Failed);

        var attempts = await AttemptsAsync(host, record, 2);
        attempts.Select(span => span.GetTagItem(Spans.Outcome)).ShouldBe(["retry", "failed"]);
        host.Spans.Of(record.TraceId!).ShouldContain(span => span.DisplayName == "publish image.failed" && span.Kind == ActivityKind.Producer);
    }

    [Fact]
    public async Task Trace_AnalyzerIsDown_SaysThatTheImageWaits()
    {
        var analyzer = new Analyzer(attempt => attempt == 1 ? throw new AnalyzerUnavailableException("It is down.", TimeSpan.FromMilliseconds(1)) : Samples.Analysis);
        await using var host = await TraceHost.StartAsync(services => TraceHost.UseAnalyzer(services, analyzer));

        var record = await host.UploadAsync(TestImages.Jpeg(seed: 9103));
        await host.WaitAsync(record.Id, ImageStatus.Analyzed);

        var attempts = await AttemptsAsync(host, record, 2);
        attempts[0].GetTagItem(Spans.Outcome).ShouldBe("waiting");
        (attempts[0].Status, attempts[0].StatusDescription).ShouldBe((ActivityStatusCode.Error, "It is down."));
        (attempts[0].GetTagItem(Spans.FaultCause), attempts[0].GetTagItem(Spans.FaultDependency)).ShouldBe(("dependency-away", "vision"));
    }

    [Fact]
    public async Task Trace_FileThatCannotBeDecoded_TellsWhereAndThatItWasRejected()
    {
        await using var host = await TraceHost.StartAsync();

        var record = await host.UploadAsync(TestImages.ZeroByZeroPng());
        await host.WaitAsync(record.Id, ImageStatus.Rejected);

        List<Activity> spans = [];
        string[] last = ["NotifySubscribers", "publish image.rejected", "InspectImage"]; // a subscriber may be done before the one who published
        await Eventually.TrueAsync(() => last.All(name => (spans = host.Spans.Of(record.TraceId!)).Exists(span => span.DisplayName == name)));
        var decode = spans.Single(span => span.DisplayName == "decode image");
        decode.Status.ShouldBe(ActivityStatusCode.Error);
        decode.Events.ShouldHaveSingleItem().Name.ShouldBe("exception");
        var stage = spans.Single(span => span.DisplayName == "InspectImage");
        (stage.Status, stage.GetTagItem(Spans.Outcome)).ShouldBe((ActivityStatusCode.Unset, "done")); // the stage did its job
        var commit = spans.Single(span => span.DisplayName == "commit images" && Equals(span.GetTagItem(Spans.ImageStatus), "rejected"));
        spans.Single(span => span.DisplayName == "publish image.rejected").ParentSpanId.ShouldBe(commit.SpanId, SpanCollector.Tree(spans));
    }

    [Fact]
    public async Task Trace_PollsAndFilesAndTheLiveFeed_HaveNone()
    {
        await using var host = await TraceHost.StartAsync();
        foreach (var path in (string[])["/health", "/alive", "/", "/js/gallery.js", "/operations/", "/api/operations/services", "/api/operations/dead-letters", "/api/images"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("traceparent", "00-baf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            using var answer = await host.Client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using (var follow = new HttpRequestMessage(HttpMethod.Get, "/api/events"))
        {
            follow.Headers.Add("traceparent", "00-baf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            using var feed = await host.Client.SendAsync(follow, HttpCompletionOption.ResponseHeadersRead);
        }

        await host.ShouldBecomeAsync("baf7651916cd43dd8448eb211c80319c", """
            server GET /api/images/
              client query images
            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Trace_CallToAnotherService_IsRecordedOnlyWithAParent(bool part)
    {
        await using var host = await TraceHost.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Client.BaseAddress };
        client.DefaultRequestHeaders.Add("X-API-Key", Api.ApiHost.AllKey);
        using var work = part ? Telemetry.Source.StartActivity("work") : null;

        using var answer = await client.GetAsync("/api/images/trace-of-a-call");

        work?.Stop();
        var request = new Uri(client.BaseAddress!, "/api/images/trace-of-a-call").ToString();
        bool IsRequest(Activity span) => Equals(span.GetTagItem("url.full"), request);
        if (part)
            await Eventually.TrueAsync(() => host.Spans.Of(work!.TraceId.ToHexString()).Exists(IsRequest));
        host.Spans.All.Any(IsRequest).ShouldBe(part);
    }

    [Fact]
    public async Task Trace_RefusedUpload_HasItsStatusAndIsNoErrorOfOurs()
    {
        await using var host = await TraceHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/images") { Content = new ByteArrayContent("no image"u8.ToArray()) };
        request.Headers.Add("traceparent", "00-caf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var answer = await host.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        await host.ShouldBecomeAsync("caf7651916cd43dd8448eb211c80319c", "server POST /api/images");
        var span = host.Spans.Of("caf7651916cd43dd8448eb211c80319c")[0];
        (span.Status, span.GetTagItem("http.response.status_code")).ShouldBe((ActivityStatusCode.Unset, 415));
    }

    private static async Task<List<Activity>> AttemptsAsync(TraceHost host, ImageRecord record, int count)
    {
        List<Activity> attempts = [];
        await Eventually.TrueAsync(() => (attempts = [.. host.Spans.Of(record.TraceId!).Where(span => span.DisplayName == "AnalyzeImage")]).Count == count);
        return attempts;
    }

    private sealed class Analyzer(Func<int, ImageAnalysis> answer) : IImageAnalyzer
    {
        private int _attempts;

        public Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken) =>
            Task.FromResult(answer(Interlocked.Increment(ref _attempts)));
    }
}
