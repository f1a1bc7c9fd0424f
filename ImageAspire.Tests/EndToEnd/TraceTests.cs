using System.Net.Http.Headers;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;
using ImageAspire.Tests.Vision;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>Traces of real processes, as Aspire's dashboard has them.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
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
                        worker client POST ×3
                        worker client commit images
                          worker producer publish image.analyzed
                            worker consumer NotifySubscribers
                            worker consumer RecordAudit
                            worker consumer UpdateReports
                        worker client get images ×2
                        worker open blob ×2
                      worker consumer RecordAudit
                      worker consumer UpdateReports
                  worker client get images ×2
                  worker decode image
                  worker open blob
                  worker write blob ×4
                worker consumer RecordAudit
                worker consumer UpdateReports
            api client find images
            api write blob
          api read upload
        """;

    private const string Seen = """{"modelVersion":"test","metadata":{"width":640,"height":480},"tagsResult":{"values":[{"name":"lake","confidence":0.9}]}}""";
    private const string Vector = """{"modelVersion":"test/1","vector":[0.6,0.8,0,0,0,0,0,0]}""";
    private static readonly string[] Kinds = ["", "", "server ", "client ", "producer ", "consumer "];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Trace_OfAnImage_IsOneAcrossTheProcessesReadsAsItsStagesAndShowsADeadWorkersAttempt()
    {
        Requires.Linux();
        var asked = 0;
        await using var vision = await FakeVisionService.StartAsync(context => context.Request.Path.Value!.Contains("retrieval:", StringComparison.Ordinal)
            ? FakeVisionService.Json(200, Vector)(context)
            : context.Request.Method == "POST" && Interlocked.Increment(ref asked) == 2
                ? Task.Delay(Timeout.Infinite, context.RequestAborted) // until its caller is dead
                : FakeVisionService.Json(200, Seen)(context));
        await using var app = await AppHostProcess.Launch(_folder.Root, Environment(vision)).RunsAsync();
        using var telemetry = new TelemetryOfDashboard(app);
        using var client = app.Client();

        var (id, traceId) = await UploadAsync(client, seed: 1);

        await AnalyzedAsync(client, id);
        var spans = await BecomesAsync(telemetry, traceId);
        spans.Where(span => span.Name != "find images").ShouldAllBe(span => span[Spans.ImageId] == id);
        spans.ShouldAllBe(span => !span.Failed);
        // Aspire's dashboard calls a span with this attribute "MSG …" instead of by its name.
        spans.ShouldAllBe(span => span["messaging.system"] == null);
        // The analysis, the vector of what was seen, and that of the image.
        vision.Requests.Where(one => one.Address.StartsWith("POST", StringComparison.Ordinal)).Select(one => one.Headers["traceparent"].Split('-')[2])
            .ShouldBe(spans.Where(span => span.Name == "POST").Select(span => span.Id), ignoreOrder: true);

        var (second, secondTrace) = await UploadAsync(client, seed: 2);
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) == 2);
        // What a worker has not sent yet dies with it.
        await Eventually.TrueAsync(async () => (await telemetry.TraceAsync(secondTrace)).Exists(span => span.Name == "publish image.inspected"));
        foreach (var worker in app.Services().Where(process => File.ReadAllText($"/proc/{process}/cmdline").Contains("ImageAspire.Worker", StringComparison.Ordinal)))
            Processes.Kill(worker);

        await AnalyzedAsync(client, second);
        DashboardSpan? again = null;
        await Eventually.TrueAsync(async () => (again = (await telemetry.TraceAsync(secondTrace)).SingleOrDefault(span => span.Name == "AnalyzeImage")) is not null);
        (again![Spans.DeliveryCount], again[Spans.Outcome]).ShouldBe(("2", "done"));
        (await telemetry.TraceAsync(secondTrace)).ShouldContain(span => span.Name == "publish image.inspected" && span.Id == again.ParentId);
        (await telemetry.ServicesAsync()).Distinct().ShouldBe(["api", "worker"], ignoreOrder: true);
    }

    private static Dictionary<string, string> Environment(FakeVisionService vision) => new()
    {
        ["Worker__LockDuration"] = "00:00:04",
        ["Vision__Endpoint"] = vision.Address.ToString(), ["Vision__Key"] = "a-key-for-tests",
    };

    private static async Task<(string Id, string TraceId)> UploadAsync(HttpClient client, int seed)
    {
        using var body = new ByteArrayContent(TestImages.Jpeg(640, 480, seed)) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        using var answer = await client.PostAsync(new Uri("/api/images", UriKind.Relative), body);
        var record = await answer.ReadAsync<ImageDto>();
        return ($"{record.Id}", record.TraceId!);
    }

    private static Task AnalyzedAsync(HttpClient client, string id) => Eventually.TrueAsync(async () =>
        (await client.GetAsync<ImageDto>($"/api/images/{id}")).Status == "analyzed");

    private static async Task<List<DashboardSpan>> BecomesAsync(TelemetryOfDashboard telemetry, string traceId)
    {
        var (spans, tree) = (new List<DashboardSpan>(), "");
        try
        {
            await Eventually.TrueAsync(async () => (tree = Tree(spans = await telemetry.TraceAsync(traceId))) == Expected);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected:\n{Expected}\n\nActual:\n{tree}");
        }

        return spans;
    }

    // Without the file's name, which the span of an upload ends with.
    private static string NameOf(DashboardSpan span) => span[Spans.ImageName] is { } file && span.Name.EndsWith($" {file}", StringComparison.Ordinal) ? span.Name[..^(file.Length + 1)] : span.Name;

    private static string Tree(List<DashboardSpan> spans)
    {
        var ids = spans.Select(span => span.Id).ToHashSet();
        return string.Join('\n', Group(spans.Where(span => !ids.Contains(span.ParentId)), spans, 0));
    }

    private static IEnumerable<string> Group(IEnumerable<DashboardSpan> siblings, List<DashboardSpan> all, int depth) => siblings
        .Select(span => string.Join('\n', [$"{new string(' ', depth * 2)}{span.Service} {Kinds[span.Kind]}{NameOf(span)}",
            .. Group(all.Where(one => one.ParentId == span.Id), all, depth + 1)]))
        .GroupBy(text => text).OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.Count() == 1 ? group.Key : $"{group.Key} ×{group.Count()}");
}
