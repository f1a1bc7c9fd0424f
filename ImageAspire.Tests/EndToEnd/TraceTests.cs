using System.Text.Json;
using ImageAspire.Core;
using ImageAspire.Dashboard.Telemetry;
using ImageAspire.Tests.Dashboard;
using ImageAspire.Tests.Embedded;
using ImageAspire.Tests.Vision;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>Traces of real processes, as a collector receives them by OTLP.</summary>
[Collection(EndToEndTests.Name)]
public sealed class TraceTests : IDisposable
{
    private const string Expected = """
        api server POST /api/images
          api ReceiveImage
            api client commit images
              api producer publish image.received
                worker consumer InspectImage
                  worker client commit images
                    worker producer publish image.inspected
                      worker consumer AnalyzeImage
                        worker client POST
                        worker client commit images
                          worker producer publish image.analyzed
                            worker consumer NotifySubscribers
                            worker consumer RecordAudit
                            worker consumer UpdateReports
                        worker client get images ×2
                        worker open blob
                      worker consumer RecordAudit
                      worker consumer UpdateReports
                  worker client get images ×2
                  worker decode picture
                  worker open blob
                  worker write blob ×4
                worker consumer RecordAudit
                worker consumer UpdateReports
            api client find images
            api write blob
          api read upload
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Trace_OfAnImage_IsOneAcrossTheProcessesAndShowsADeadWorkersAttempt()
    {
        await using var collector = await StartedDashboard.StartAsync();
        var asked = 0;
        await using var vision = await FakeVisionService.StartAsync(context => context.Request.Method == "POST" && Interlocked.Increment(ref asked) == 2
            ? Task.Delay(Timeout.Infinite, context.RequestAborted) // until its caller is dead
            : FakeVisionService.Json(200, Seen)(context));
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1, environment: Environment(collector, vision));

        var id = await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 1));

        await app.AnalyzedAsync(id);
        var spans = await BecomesAsync(collector, await TraceOfAsync(app, id));
        spans.Where(span => span.Name != "find images").ShouldAllBe(span => Value(span, Spans.ImageId) == id.ToString("D"));
        spans.ShouldAllBe(span => span.Status == SpanStatus.Unset);
        vision.Requests.First(one => one.Address.StartsWith("POST", StringComparison.Ordinal)).Headers["traceparent"].ShouldContain(spans.Single(span => span.Name == "POST").SpanId.ToString());

        var second = await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 2));
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) == 2);
        var traceId = await TraceOfAsync(app, second);
        // What a worker has not sent yet dies with it.
        await Eventually.TrueAsync(() => SpansOf(collector, traceId).Any(span => span.Name == "publish image.inspected"));
        Processes.Kill(app.ProcessesOf("worker")[^1]);

        await app.AnalyzedAsync(second);
        Span? again = null;
        await Eventually.TrueAsync(() => (again = SpansOf(collector, traceId).SingleOrDefault(span => span.Name == "AnalyzeImage")) is not null);
        (Value(again!, Spans.DeliveryCount), Value(again!, Spans.Outcome)).ShouldBe(("2", "done"));
        SpansOf(collector, traceId).ShouldContain(span => span.Name == "publish image.inspected" && span.SpanId == again!.ParentId);
    }

    private const string Seen = """{"modelVersion":"test","metadata":{"width":640,"height":480},"tagsResult":{"values":[{"name":"lake","confidence":0.9}]}}""";

    private static Dictionary<string, string> Environment(StartedDashboard collector, FakeVisionService vision) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.OtlpEndpoint.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={StartedDashboard.OtlpKey}", ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["Vision__Endpoint"] = vision.Address.ToString(), ["Vision__Key"] = "a-key-for-tests",
    };

    private static async Task<TraceId> TraceOfAsync(RunningApp app, Guid id) =>
        TraceId.TryParse((await app.FindAsync(id))!.Value.GetProperty("traceId").GetString(), out var traceId) ? traceId : throw new JsonException("no trace id");

    private static IReadOnlyList<Span> SpansOf(StartedDashboard collector, TraceId id) => collector.Telemetry.Traces.Find(id)?.Spans ?? [];

    private static async Task<IReadOnlyList<Span>> BecomesAsync(StartedDashboard collector, TraceId id)
    {
        var tree = "";
        try
        {
            await Eventually.TrueAsync(() => (tree = Tree(SpansOf(collector, id))) == Expected);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected:\n{Expected}\n\nActual:\n{tree}");
        }

        return SpansOf(collector, id);
    }

    private static string? Value(Span span, string key) => span.Attributes.FirstOrDefault(one => one.Key == key).Value;

    private static string Tree(IReadOnlyList<Span> spans)
    {
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        return string.Join('\n', Group(spans.Where(span => !ids.Contains(span.ParentId)), spans, 0));
    }

    private static IEnumerable<string> Group(IEnumerable<Span> siblings, IReadOnlyList<Span> all, int depth) => siblings
        .Select(span => string.Join('\n', [$"{new string(' ', depth * 2)}{span.Resource.Name} {Kind(span)}{span.Name}",
            .. Group(all.Where(one => one.ParentId == span.SpanId), all, depth + 1)]))
        .GroupBy(text => text).OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.Count() == 1 ? group.Key : $"{group.Key} ×{group.Count()}");

    private static string Kind(Span span) => span.Kind switch { SpanKind.Internal => "", var kind => kind.ToString().ToLowerInvariant() + " " };
}
