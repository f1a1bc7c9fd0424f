using System.Net;
using System.Text.RegularExpressions;
using ImageAspire.Dashboard.Components.Traces;
using ImageAspire.Dashboard.Telemetry;
using static ImageAspire.Tests.Dashboard.Pages.SampleTelemetry;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>Structured logs, traces and metrics over HTTP, with made-up telemetry.</summary>
public sealed class TelemetryPagesTests
{
    private const string Hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
    private static readonly TraceId Id = new(0xabc);

    [Fact]
    public async Task Pages_NothingReceived_SaySo()
    {
        await using var host = await PagesHost.StartAsync();

        (await host.Client.GetStringAsync("/structuredlogs")).ShouldContain("No structured logs found");
        (await host.Client.GetStringAsync("/traces")).ShouldContain("No traces found");
        (await host.Client.GetStringAsync("/metrics")).ShouldContain("No metrics yet");
        (await host.Client.GetStringAsync("/metrics/resource/api")).ShouldContain("No metrics for the selected resource");
    }

    [Fact]
    public async Task Pages_HostileNamesAndValues_AreShownAsText()
    {
        await using var host = await PagesHost.StartAsync(options => options.AttributeLinks[Hostile] = "http://localhost/?{value}");
        var resource = Resource(Hostile);
        TelemetryAttribute[] attributes = [new(Hostile, Hostile)];
        host.Store.Traces.Add([Span(Id, 1, 0, resource, Hostile, Now(), Second, SpanKind.Server, SpanStatus.Error, attributes, [new SpanEvent(Now(), Hostile, attributes)], [new SpanLink(Id, new SpanId(1), attributes)])]);
        host.Store.Logs.Add([Log(resource, LogSeverity.Error, Hostile, Now(), Id, 1, new(Hostile, Hostile), new("exception.stacktrace", Hostile))]);
        host.Store.Metrics.Add(new Instrument(resource, new TelemetryScope(Hostile, ""), Hostile, Hostile, Hostile, InstrumentKind.Gauge), attributes, new MetricPoint(Now(), 1), false, [new Exemplar(Now(), 1, Id, new SpanId(1))]);
        var name = Uri.EscapeDataString(Hostile);

        foreach (var address in new[]
        {
            "/structuredlogs?record=1", $"/structuredlogs/resource/{name}?text={name}", $"/structuredlogs?traceId={name}&spanId={name}&logLevel={name}&record={name}",
            "/traces", $"/traces/resource/{name}?text={name}&min={name}", $"/traces/detail/{Id}?spanId=0000000000000001", $"/traces/detail/{Id}?spanId={name}&collapsed={name}&page={name}", $"/traces/detail/{name}",
            "/metrics", $"/metrics/resource/{name}?meter={name}&instrument={name}&by={name}&a.{name}={name}", $"/metrics/resource/{name}?meter={name}&instrument={name}&view=table&duration={name}",
        })
        {
            using var answer = await host.Client.GetAsync(address);
            ((int)answer.StatusCode).ShouldBeOneOf([200, 404], address);
            var page = await answer.Content.ReadAsStringAsync();
            page.ShouldNotContain("<script>alert", Case.Insensitive, address);
            page.ShouldNotContain("<img src=x", Case.Insensitive, address);
            page.ShouldNotContain("\"'>", Case.Insensitive, address); // would end the value of an attribute
        }

        (await host.Client.GetStringAsync($"/traces/detail/{Id}?spanId=0000000000000001")).ShouldContain("href=\"http://localhost/?%3Cscript%3E");
    }

    [Fact]
    public async Task Logs_Filters_AreInTheAddress()
    {
        await using var host = await PagesHost.StartAsync();
        host.Store.Logs.Add(
        [
            Log(Resource("api"), LogSeverity.Information, "apple", Now(), Id, 1),
            Log(Resource("api"), LogSeverity.Error, "banana", Now(), Id, 2),
            Log(Resource("vision"), LogSeverity.Warning, "cherry", Now(), new TraceId(5), 2),
        ]);

        (await LogsAsync(host, "")).ShouldBe(["apple", "banana", "cherry"]);
        (await LogsAsync(host, "/resource/api")).ShouldBe(["apple", "banana"]);
        (await LogsAsync(host, "?resource=vision")).ShouldBe(["cherry"]);
        (await LogsAsync(host, "?logLevel=Warning")).ShouldBe(["banana", "cherry"]);
        (await LogsAsync(host, "?text=APP")).ShouldBe(["apple"]);
        (await LogsAsync(host, $"?traceId={Id}")).ShouldBe(["apple", "banana"]);
        (await LogsAsync(host, $"?traceId={Id}&spanId=0000000000000002")).ShouldBe(["banana"]);
        (await LogsAsync(host, "?traceId=nonsense")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Logs_ManyRecords_ArePagedAndOneIsShownInFull()
    {
        await using var host = await PagesHost.StartAsync();
        host.Store.Logs.Add([.. Enumerable.Range(1, 1_050).Select(number => Log(Resource("api"), LogSeverity.Information, $"message {number}", number * Second, default, 0, new TelemetryAttribute("Number", $"value {number}")))]);

        var first = await host.Client.GetStringAsync("/structuredlogs");
        Regex.Count(first, "data-key=\"").ShouldBe(100);
        first.ShouldContain("message 1050<");
        first.ShouldContain("Page 1 of 11");
        (await host.Client.GetStringAsync("/structuredlogs?page=11")).ShouldContain("message 1<");
        (await host.Client.GetStringAsync("/structuredlogs?page=99")).ShouldContain("Page 11 of 11");
        (await host.Client.GetStringAsync("/structuredlogs?record=7")).ShouldContain("value 7<");
        (await host.Client.GetStringAsync("/structuredlogs?record=70000")).ShouldContain("This log entry is gone");
    }

    [Fact]
    public async Task Traces_Filters_AreInTheAddress()
    {
        await using var host = await PagesHost.StartAsync();
        host.Store.Traces.Add([Span(new TraceId(1), 1, 0, Resource("api"), "quick", Now(), Millisecond)]);
        host.Store.Traces.Add([Span(new TraceId(2), 1, 0, Resource("api"), "slow", Now(), 2 * Second, status: SpanStatus.Error), Span(new TraceId(2), 2, 1, Resource("vision"), "part", Now(), Second)]);

        (await TracesAsync(host, "")).ShouldBe(["quick", "slow"]);
        (await TracesAsync(host, "/resource/vision")).ShouldBe(["slow"]);
        (await TracesAsync(host, "?errors=true")).ShouldBe(["slow"]);
        (await TracesAsync(host, "?min=1000")).ShouldBe(["slow"]);
        (await TracesAsync(host, "?text=QUI")).ShouldBe(["quick"]);
        (await TracesAsync(host, $"?text={new TraceId(1)}")).ShouldBe(["quick"]);
        (await host.Client.GetStringAsync("/traces?min=1234")).ShouldContain("1.23 s</option>");
    }

    [Fact]
    public async Task Trace_NotHere_Is404AndSaysWhy()
    {
        await using var host = await PagesHost.StartAsync(options => options.Limits.Traces = 1_234);

        foreach (var id in new[] { Id.ToString(), "nonsense" })
        {
            using var answer = await host.Client.GetAsync($"/traces/detail/{id}");
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("The latest 1,234 traces are kept");
        }
    }

    [Fact]
    public async Task Trace_SpanInTheAddress_IsShownInFull()
    {
        await using var host = await PagesHost.StartAsync(options => options.AttributeLinks["imageaspire.image.id"] = "http://localhost:5080/?image={value}");
        host.Store.Traces.Add(Image(Id, Now(), fails: true));
        host.Store.Logs.Add(Logs(Id, Now(), fails: true));

        var page = await host.Client.GetStringAsync($"/traces/detail/{Id.ToString().ToUpperInvariant()}?spanId=000000000000000B");

        page.ShouldContain("<h2 id=\"details-title\">AnalyzeImage</h2>");
        page.ShouldContain("href=\"http://localhost:5080/?image=0193f6a2-7c1e-7000-8000-0000000000bc\"");
        page.ShouldContain("Connection refused (localhost:5090)"); // the exception event
        page.ShouldContain($"href=\"/traces/detail/{new TraceId(Id.Value ^ 0xf0)}?spanId=0000000000000001\""); // the link to another trace
        page.ShouldContain("AnalyzeImage failed, delivery 1 of 5"); // its log
        page.ShouldContain($"href=\"/structuredlogs?traceId={Id}&amp;spanId=000000000000000b\"");
    }

    [Fact]
    public async Task Trace_TenThousandSpans_IsSentInPages()
    {
        await using var host = await PagesHost.StartAsync();
        host.Store.Traces.Add([.. Enumerable.Range(1, 10_000).Select(id => Span(Id, (ulong)id, id == 1 ? 0u : (ulong)(id / 2), Resource("api"), $"span {id}", Second + id, 20_000 - id))]);

        var page = await host.Client.GetStringAsync($"/traces/detail/{Id}");
        Regex.Count(page, "<tr data-key=").ShouldBe(WaterfallWindow.Size);
        page.ShouldContain("Page 1 of 20");
        page.Length.ShouldBeLessThan(1_500_000);
        (await host.Client.GetStringAsync($"/traces/detail/{Id}?spanId=000000000000270f")).ShouldContain("<h2 id=\"details-title\">span 9999</h2>");
        // Folding the first child leaves the other half.
        (await host.Client.GetStringAsync($"/traces/detail/{Id}?collapsed=0000000000000002")).ShouldNotContain("Page 1 of 20");
    }

    [Fact]
    public async Task Metrics_Instrument_IsDrawnOrListedWithExemplars()
    {
        await using var host = await PagesHost.StartAsync();
        Metrics(host.Store.Metrics, Now(), 60, Id);
        const string histogram = "/metrics/resource/worker-1?meter=ImageAspire&instrument=imageaspire.stage.duration";

        var page = await host.Client.GetStringAsync(histogram);
        foreach (var text in new[] { "P50", "P90", "P99", "Measurements per second", "AnalyzeImage", $"/traces/detail/{Id}?spanId=000000000000000b" })
            page.ShouldContain(text);
        (await host.Client.GetStringAsync(histogram + "&by=stage&percentile=99")).ShouldContain("title=\"NotifySubscribers\"");
        (await host.Client.GetStringAsync(histogram + "&a.stage=AnalyzeImage&by=stage")).ShouldNotContain("title=\"NotifySubscribers\"");
        (await host.Client.GetStringAsync(histogram + "&view=table")).ShouldContain("<table class=\"data points\">");
        (await host.Client.GetStringAsync("/metrics/resource/worker-1?meter=ImageAspire&instrument=gone")).ShouldContain("There is no instrument gone");
    }

    [Fact]
    public async Task Metrics_MoreDimensionsThanLines_AreNamed()
    {
        await using var host = await PagesHost.StartAsync();
        var gauge = new Instrument(Resource("api"), Scope, "depth", "", "", InstrumentKind.Gauge);
        for (var number = 1; number <= 14; number++)
            host.Store.Metrics.Add(gauge, [new("queue", $"queue-{number:00}")], new MetricPoint(Now(), number), false, []);

        (await host.Client.GetStringAsync("/metrics/resource/api?instrument=depth")).ShouldContain("Not shown: queue: queue-01; queue: queue-02; queue: queue-03; queue: queue-04.");
    }

    private static Task<string[]> LogsAsync(PagesHost host, string address) => FoundAsync(host, "/structuredlogs" + address, ["apple", "banana", "cherry"]);

    private static Task<string[]> TracesAsync(PagesHost host, string address) => FoundAsync(host, "/traces" + address, ["quick", "slow"]);

    private static async Task<string[]> FoundAsync(PagesHost host, string address, string[] words)
    {
        var page = await host.Client.GetStringAsync(address);
        var rows = page.Contains("<tbody", StringComparison.Ordinal) ? page[page.IndexOf("<tbody", StringComparison.Ordinal)..page.LastIndexOf("</tbody>", StringComparison.Ordinal)] : "";
        return [.. words.Where(word => rows.Contains(word, StringComparison.Ordinal))];
    }
}
