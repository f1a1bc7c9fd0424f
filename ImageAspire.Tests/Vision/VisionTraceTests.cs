using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Tests.Tracing;
using ImageAspire.Vision.Analysis;

namespace ImageAspire.Tests.Vision;

/// <summary>A request is a part of its caller's trace, with the image's id on every span.</summary>
public sealed class VisionTraceTests
{
    private const string Parent = "fedcba9876543210", Image = "0198c0de-0000-7000-8000-000000000001";

    [Theory]
    [InlineData($"{Spans.ImageId}={Image}", Image)]
    [InlineData($"a=b, {Spans.ImageId}={Image}", Image)]
    [InlineData($"a=b, {Spans.ImageId}={Image};x=y", Image)]
    [InlineData($"{Spans.ImageId}=<script>", null)]
    [InlineData("", null)]
    public async Task Analyze_TraceOfACaller_GoesOn(string baggage, string? image)
    {
        using var spans = new SpanCollector();
        await using var vision = await VisionHost.StartAsync(new TracedAnalysis());
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = vision.Client.BaseAddress };
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{Parent}-01");
        client.DefaultRequestHeaders.Add("baggage", baggage);
        client.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", VisionHost.Key);

        await (await VisionProcess.AnalyzeAsync(client, TestImages.Jpeg(100, 100), "tags")).OkAsync();

        await Eventually.TrueAsync(() => spans.Of(trace).Count == 2);
        var (request, step) = (spans.Of(trace)[0], spans.Of(trace)[1]);
        (request.ParentSpanId.ToHexString(), request.DisplayName, request.Kind).ShouldBe((Parent, "POST /computervision/imageanalysis:analyze", ActivityKind.Server));
        (step.ParentSpanId, step.DisplayName).ShouldBe((request.SpanId, "detect"));
        (request.GetTagItem(Spans.ImageId), step.GetTagItem(Spans.ImageId)).ShouldBe((image, image));
    }

    [Fact]
    public async Task Analyze_Fails_SpanSaysWhy()
    {
        using var spans = new SpanCollector();
        await using var vision = await VisionHost.StartAsync(new WaitingAnalysis(), null, ("Vision:TimeLimit", "00:00:00.2"));
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = vision.Client.BaseAddress };
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{Parent}-01");
        client.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", VisionHost.Key);

        await (await VisionProcess.AnalyzeAsync(client, TestImages.Jpeg(100, 100), "tags")).ShouldBeErrorAsync(500, "InternalServerError", "Timeout");

        await Eventually.TrueAsync(() => spans.Of(trace).Count == 1);
        (spans.Of(trace)[0].Status, spans.Of(trace)[0].GetTagItem("error.type")).ShouldBe((ActivityStatusCode.Error, "Timeout"));
    }

    private sealed class TracedAnalysis : IImageAnalysis
    {
        public Task<ImageAnalysis> AnalyzeAsync(Stream image, AnalysisRequest request, CancellationToken cancellationToken)
        {
            using var step = Telemetry.Source.StartActivity("detect");
            return Task.FromResult(DecodingAnalysis.Seen(100, 100, request));
        }
    }
}
