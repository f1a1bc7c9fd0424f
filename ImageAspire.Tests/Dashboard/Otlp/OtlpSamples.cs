using System.Buffers.Binary;
using Google.Protobuf;
using ImageAspire.OtlpWire;

namespace ImageAspire.Tests.Dashboard.Otlp;

/// <summary>Requests as senders make them.</summary>
internal static class OtlpSamples
{
    /// <summary>2026-01-01 00:00 UTC, in nanoseconds.</summary>
    public const ulong Start = 1_767_225_600_000_000_000;

    public static TracesRequest Traces(string service, params Span[] spans) => new()
    {
        ResourceSpans = { new ResourceSpans { Resource = Resource(service), ScopeSpans = { new ScopeSpans { Scope = Scope, Spans = { spans } } } } },
    };

    public static LogsRequest Logs(string service, params LogRecord[] records) => new()
    {
        ResourceLogs = { new ResourceLogs { Resource = Resource(service), ScopeLogs = { new ScopeLogs { Scope = Scope, LogRecords = { records } } } } },
    };

    public static MetricsRequest Metrics(string service, params Metric[] metrics) => new()
    {
        ResourceMetrics =
        {
            new ResourceMetrics { Resource = Resource(service), ScopeMetrics = { new ScopeMetrics { Scope = Scope, Metrics = { metrics } } } },
        },
    };

    public static Scope Scope => new() { Name = "ImageAspire", Version = "0.1.0" };

    public static Resource Resource(string service, string instance = "") => new()
    {
        Attributes = { Pair("service.name", service), Pair("service.instance.id", instance), Pair("telemetry.sdk.language", "dotnet") },
    };

    /// <summary>A span of 1 ms; spans of a trace begin a microsecond after each other.</summary>
    public static Span Span(ulong trace, ulong span, ulong parent = 0, int status = 0, params KeyValue[] attributes) => new()
    {
        TraceId = TraceId(trace), SpanId = SpanId(span), ParentSpanId = parent == 0 ? ByteString.Empty : SpanId(parent), Name = $"step {span}", Kind = 2,
        StartTimeUnixNano = Start + (span * 1_000), EndTimeUnixNano = Start + (span * 1_000) + 1_000_000, Status = new Status { Code = status },
        Attributes = { attributes },
    };

    public static LogRecord Log(string text, int severity = 9) => new()
    {
        TimeUnixNano = Start, SeverityNumber = severity, SeverityText = "whatever", Body = new AnyValue { StringValue = text },
    };

    public static KeyValue Pair(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    public static KeyValue Pair(string key, AnyValue value) => new() { Key = key, Value = value };

    public static ByteString TraceId(ulong number)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), number);
        return ByteString.CopyFrom(bytes);
    }

    public static ByteString SpanId(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return ByteString.CopyFrom(bytes);
    }
}
