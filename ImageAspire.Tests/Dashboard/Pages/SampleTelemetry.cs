using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>Telemetry as the services send it, made up: an image on its way through three of them.</summary>
internal static class SampleTelemetry
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1000 * Millisecond;

    public static readonly TelemetryScope Scope = new("ImageAspire", "1.0");

    public static TelemetryResource Resource(string name, string instance = "") =>
        new(name, instance, [new("service.name", name), new("service.instance.id", instance), new("telemetry.sdk.language", "dotnet")]);

    public static long Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static Span Span(TraceId trace, ulong id, ulong parent, TelemetryResource resource, string name, long start, long duration,
        SpanKind kind = SpanKind.Internal, SpanStatus status = SpanStatus.Unset, TelemetryAttribute[]? attributes = null, SpanEvent[]? events = null, SpanLink[]? links = null) => new()
    {
        TraceId = trace,
        SpanId = new SpanId(id),
        ParentId = new SpanId(parent),
        Resource = resource,
        Scope = Scope,
        Name = name,
        Kind = kind,
        Start = start,
        End = start + duration,
        Status = status,
        Attributes = attributes ?? [],
        Events = events ?? [],
        Links = links ?? [],
    };

    /// <summary>The trace of an image: 14 spans in three resources, one of them in an error when asked for.</summary>
    public static IReadOnlyList<Span> Image(TraceId trace, long start, bool fails = false)
    {
        var (api, worker, vision) = (Resource("api"), Resource("worker", "worker-1"), Resource("vision"));
        TelemetryAttribute image = new("imageaspire.image.id", "0193f6a2-7c1e-7000-8000-0000000000" + (trace.Value & 0xff).ToString("x2", null));
        long At(double milliseconds) => start + (long)(milliseconds * Millisecond);
        static long For(double milliseconds) => (long)(milliseconds * Millisecond);
        TelemetryAttribute[] Sql(string text) => [image, new("db.system.name", "sqlite"), new("db.query.text", text)];
        TelemetryAttribute[] Topic(string subscription) => [image, new("messaging.system", "imageaspire"), new("messaging.destination.name", "image-events"), new("messaging.destination.subscription.name", subscription)];
        SpanEvent[] thrown = fails ? [new SpanEvent(At(60), "exception", [new("exception.type", "System.Net.Http.HttpRequestException"), new("exception.message", "Connection refused (localhost:5090)"), new("exception.stacktrace", "at System.Net.Http.HttpConnectionPool.ConnectAsync()\n   at ImageAspire.Vision.AskAsync()")])] : [];
        return
        [
            Span(trace, 1, 0, api, "POST /api/images", At(0), For(21), SpanKind.Server, attributes: [image, new("http.request.method", "POST"), new("http.route", "/api/images"), new("http.response.status_code", "202", AttributeKind.WholeNumber)]),
            Span(trace, 2, 1, api, "ReceiveImage", At(0.7), For(19.6), attributes: [image]),
            Span(trace, 3, 2, api, "blob write", At(1.2), For(9.1), attributes: [image, new("imageaspire.bytes", "712345", AttributeKind.WholeNumber)]),
            Span(trace, 4, 2, api, "catalog commit", At(10.6), For(6.3), SpanKind.Client, attributes: Sql("INSERT INTO images (id, body) VALUES (@id, @body)")),
            Span(trace, 5, 2, api, "publish image.received", At(17), For(3), SpanKind.Producer, attributes: Topic("")),
            Span(trace, 6, 5, worker, "InspectImage", At(22), For(31), SpanKind.Consumer, attributes: Topic("inspect")),
            Span(trace, 7, 6, worker, "blob read", At(22.3), For(2.1), attributes: [image]),
            Span(trace, 8, 6, worker, "decode", At(24.6), For(14), attributes: [image, new("imageaspire.megapixels", "12.2", AttributeKind.RealNumber)]),
            Span(trace, 9, 6, worker, "blob write", At(39), For(5), attributes: [image]),
            Span(trace, 10, 6, worker, "catalog commit", At(45), For(7), SpanKind.Client, attributes: Sql("UPDATE images SET body = @body WHERE id = @id AND version = @version")),
            Span(trace, 11, 10, worker, "AnalyzeImage", At(55), For(64), SpanKind.Consumer, fails ? SpanStatus.Error : SpanStatus.Unset, Topic("analyze"), thrown, [new SpanLink(new TraceId(trace.Value ^ 0xf0), new SpanId(1), [new("why", "analysed again")])]),
            Span(trace, 12, 11, worker, "POST", At(57), For(58), SpanKind.Client, fails ? SpanStatus.Error : SpanStatus.Unset, [new("http.request.method", "POST"), new("server.address", "localhost"), new("url.full", "http://localhost:5090/computervision/imageanalysis:analyze")]),
            Span(trace, 13, 12, vision, "POST /computervision/imageanalysis:analyze", At(58.4), For(55), SpanKind.Server, attributes: [new("http.request.method", "POST"), new("http.route", "/computervision/imageanalysis:analyze")]),
            Span(trace, 14, 13, vision, "detect objects", At(60), For(49)),
        ];
    }

    public static LogRecord Log(TelemetryResource resource, LogSeverity severity, string body, long time, TraceId trace = default, ulong span = 0, params TelemetryAttribute[] attributes) => new()
    {
        Resource = resource,
        Scope = new TelemetryScope("ImageAspire.Pipeline.AnalyzeImage", ""),
        Time = time,
        Severity = severity,
        Body = body,
        TraceId = trace,
        SpanId = new SpanId(span),
        Attributes = attributes,
    };

    /// <summary>Logs of <see cref="Image"/>.</summary>
    public static IReadOnlyList<LogRecord> Logs(TraceId trace, long start, bool fails = false) =>
    [
        Log(Resource("api"), LogSeverity.Information, "Image received: 712,345 bytes, image/jpeg.", start + (20 * Millisecond), trace, 2, new TelemetryAttribute("Bytes", "712345", AttributeKind.WholeNumber)),
        Log(Resource("worker", "worker-1"), LogSeverity.Information, "Inspected: 4032 × 3024, orientation 1.", start + (52 * Millisecond), trace, 6),
        fails
            ? Log(Resource("worker", "worker-1"), LogSeverity.Error, "AnalyzeImage failed, delivery 1 of 5: it is tried again in 2 s.", start + (118 * Millisecond), trace, 11,
                new("exception.type", "System.Net.Http.HttpRequestException"), new("exception.message", "Connection refused (localhost:5090)"), new("exception.stacktrace", "at System.Net.Http.HttpConnectionPool.ConnectAsync()\n   at ImageAspire.Vision.AskAsync()"))
            : Log(Resource("worker", "worker-1"), LogSeverity.Information, "Analysed: 3 objects, 1 person, no text.", start + (118 * Millisecond), trace, 11),
    ];

    /// <summary>Minutes of metrics, a point a second: a histogram by stage with exemplars, a counter, a gauge.</summary>
    public static void Metrics(MetricStore store, long now, int seconds, TraceId trace)
    {
        var worker = Resource("worker", "worker-1");
        var meter = new TelemetryScope("ImageAspire", "");
        var duration = new Instrument(worker, meter, "imageaspire.stage.duration", "How long a stage took.", "s", InstrumentKind.Histogram);
        var bytes = new Instrument(worker, meter, "imageaspire.bytes.received", "Bytes of images that were taken in.", "By", InstrumentKind.Counter);
        var depth = new Instrument(worker, meter, "imageaspire.subscription.depth", "Messages that wait.", "{message}", InstrumentKind.Gauge);
        var memory = new Instrument(worker, new TelemetryScope("System.Runtime", ""), "dotnet.process.memory.working_set", "Memory of the process.", "By", InstrumentKind.UpDownCounter);
        double[] bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
        string[] stages = ["InspectImage", "AnalyzeImage", "NotifySubscribers"];
        for (var index = 0; index < stages.Length; index++)
        {
            var buckets = new long[bounds.Length + 1];
            double sum = 0;
            for (var second = seconds; second >= 0; second--)
            {
                var wave = 3 + (2 * Math.Sin(second / 17.0 + index));
                for (var one = 0; one < 8; one++)
                {
                    var bucket = Math.Clamp((int)(wave + (one / 3.0) - index), 0, bounds.Length);
                    buckets[bucket]++;
                    sum += bounds[Math.Min(bucket, bounds.Length - 1)];
                }

                Exemplar[] exemplars = second % 40 == 5 && index == 1 ? [new Exemplar(now - (second * Second), bounds[Math.Clamp((int)wave, 0, 7)] * 1.2, trace, new SpanId(11))] : [];
                store.Add(duration, [new("stage", stages[index]), new("outcome", "ok")], new MetricPoint(now - (second * Second), sum, buckets.Sum(), [.. buckets], bounds), false, exemplars);
            }
        }

        double total = 0;
        for (var second = seconds; second >= 0; second--)
        {
            total += 700_000 * (4 + (3 * Math.Sin(second / 23.0)));
            store.Add(bytes, [], new MetricPoint(now - (second * Second), total), false, []);
            store.Add(memory, [], new MetricPoint(now - (second * Second), 92_000_000 + (8_000_000 * Math.Sin(second / 31.0))), false, []);
            foreach (var stage in stages)
                store.Add(depth, [new("subscription", stage)], new MetricPoint(now - (second * Second), Math.Round(6 + (stage.Length % 5) + (5 * Math.Sin((second + stage.Length) / 11.0)))), false, []);
        }
    }
}
