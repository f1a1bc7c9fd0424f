using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Google.Protobuf;
using ImageAspire.OtlpWire;

namespace ImageAspire.Benchmarks.Data;

/// <summary>Requests as an image service sends them.</summary>
internal static class TelemetryBodies
{
    public const int SpansPerBatch = 512;
    private const int SpansPerTrace = 12;

    private static readonly string[] Names =
    [
        "POST /api/images", "ReceiveImage", "blob write", "catalog insert", "image-events publish", "image-events process", "InspectImage",
        "blob read", "thumbnail 256", "thumbnail 1024", "AnalyzeImage", "catalog update",
    ];

    /// <summary>A batch of 512 spans with eight attributes each, two of which are never the same; 12 spans a trace.</summary>
    /// <param name="number">Which; each has traces of its own.</param>
    public static byte[] Spans(int number)
    {
        var now = Nanoseconds(TimeProvider.System.GetUtcNow());
        var scope = new ScopeSpans { Scope = new Scope { Name = "ImageAspire", Version = "0.1.0" } };
        for (var i = 0; i < SpansPerBatch; i++)
        {
            var (trace, step) = ((number * (SpansPerBatch / SpansPerTrace + 1)) + (i / SpansPerTrace), i % SpansPerTrace);
            var image = new Guid(trace, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]).ToString();
            scope.Spans.Add(new Span
            {
                TraceId = Id(16, trace + 1), SpanId = Id(8, i + 1), ParentSpanId = step == 0 ? ByteString.Empty : Id(8, i), Name = Names[step],
                Kind = (step % 5) + 1, StartTimeUnixNano = now + (ulong)i, EndTimeUnixNano = now + (ulong)i + 1_000_000, Status = new Status(),
                Attributes =
                {
                    Pair("http.request.method", "POST"), Pair("http.route", "/api/images/{id}/content"), Pair("url.path", "/api/images/" + image + "/content"),
                    Pair("http.response.status_code", 202), Pair("server.address", "localhost"), Pair("server.port", 5080), Pair("network.protocol.version", "1.1"),
                    Pair("imageaspire.image.id", image),
                },
            });
        }

        return new TracesRequest { ResourceSpans = { new ResourceSpans { Resource = Resource(number % 3), ScopeSpans = { scope } } } }.ToByteArray();
    }

    /// <summary>Log records with a message of their own and four attributes.</summary>
    public static byte[] Logs(int resource, int count)
    {
        var now = Nanoseconds(TimeProvider.System.GetUtcNow());
        var scope = new ScopeLogs { Scope = new Scope { Name = "ImageAspire.Worker.Stages" } };
        for (var i = 0; i < count; i++)
        {
            scope.LogRecords.Add(new LogRecord
            {
                TimeUnixNano = now + (ulong)i, SeverityNumber = 9, TraceId = Id(16, i + 1), SpanId = Id(8, i + 1),
                Body = new AnyValue { StringValue = $"Stage InspectImage of image {resource:d4}{i:d8} took {i % 977} ms and ended well" },
                Attributes = { Pair("imageaspire.image.id", $"{resource:d4}{i:d8}"), Pair("stage", "InspectImage"), Pair("outcome", "completed"), Pair("elapsed", i % 977) },
            });
        }

        return new LogsRequest { ResourceLogs = { new ResourceLogs { Resource = Resource(resource), ScopeLogs = { scope } } } }.ToByteArray();
    }

    /// <summary>
    /// One point a second for each of some series: by turns a counter that moves, a gauge that is never the same, a histogram of 15 buckets
    /// of which two move, and a counter that stands still.
    /// </summary>
    public static byte[] Metrics(int firstSeries, int series, DateTimeOffset from, int seconds)
    {
        var random = new Random(firstSeries);
        var scope = new ScopeMetrics { Scope = new Scope { Name = "ImageAspire" } };
        for (var s = firstSeries; s < firstSeries + series; s++)
        {
            var metric = new Metric { Name = $"metric.{s / 20 * 4 + (s % 4)}", Unit = "s" };
            var (sum, gauge, histogram) = (new Sum { AggregationTemporality = 2, IsMonotonic = true }, new Gauge(), new Histogram { AggregationTemporality = 2 });
            var buckets = new ulong[16];
            for (var second = 0; second < seconds; second++)
            {
                var time = Nanoseconds(from.AddSeconds(second));
                KeyValue[] attributes = [Pair("stage", "InspectImage"), Pair("series", s)];
                if (s % 4 == 1)
                {
                    gauge.DataPoints.Add(new NumberPoint { TimeUnixNano = time, AsDouble = random.NextDouble(), Attributes = { attributes } });
                }
                else if (s % 4 == 2)
                {
                    buckets[second % 7] += 3;
                    buckets[7]++;
                    histogram.DataPoints.Add(new HistogramPoint
                    {
                        TimeUnixNano = time, Count = (ulong)((second + 1) * 4), Sum = second * 0.37, BucketCounts = { buckets },
                        ExplicitBounds = { Enumerable.Range(1, 15).Select(bound => bound * 0.5) }, Attributes = { attributes },
                    });
                }
                else
                {
                    sum.DataPoints.Add(new NumberPoint { TimeUnixNano = time, AsInt = s % 4 == 0 ? second * 17 : 4, Attributes = { attributes } });
                }
            }

            if (s % 4 == 1)
                metric.Gauge = gauge;
            else if (s % 4 == 2)
                metric.Histogram = histogram;
            else
                metric.Sum = sum;
            scope.Metrics.Add(metric);
        }

        return new MetricsRequest { ResourceMetrics = { new ResourceMetrics { Resource = Resource(firstSeries % 5), ScopeMetrics = { scope } } } }.ToByteArray();
    }

    public static byte[] Gzip(byte[] body)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            gzip.Write(body);
        return target.ToArray();
    }

    private static Resource Resource(int number) => new()
    {
        Attributes =
        {
            Pair("service.name", "worker"), Pair("service.instance.id", string.Create(CultureInfo.InvariantCulture, $"worker-{number}")),
            Pair("telemetry.sdk.name", "opentelemetry"), Pair("telemetry.sdk.language", "dotnet"),
        },
    };

    private static KeyValue Pair(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    private static KeyValue Pair(string key, long value) => new() { Key = key, Value = new AnyValue { IntValue = value } };

    private static ByteString Id(int length, long number)
    {
        var bytes = new byte[length];
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(length - 8), number);
        return ByteString.CopyFrom(bytes);
    }

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)time.ToUnixTimeMilliseconds() * 1_000_000;
}
