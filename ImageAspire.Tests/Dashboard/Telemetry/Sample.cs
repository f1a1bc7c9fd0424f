using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Tests.Dashboard.Telemetry;

/// <summary>Telemetry for the tests of the stores.</summary>
internal static class Sample
{
    public static readonly TelemetryScope Scope = new("ImageAspire", "0.1.0");

    public static TelemetryResource Resource(string name, string instance = "") => new(name, instance, []);

    public static Span Span(
        ulong trace, ulong span, ulong parent = 0, long start = 1_000, long length = 10, SpanStatus status = SpanStatus.Unset, string name = "step",
        string resource = "api", params TelemetryAttribute[] attributes) => new()
    {
        TraceId = new TraceId(trace), SpanId = new SpanId(span), ParentId = new SpanId(parent), Start = start, End = start + length, Status = status,
        Name = name, Resource = Resource(resource), Scope = Scope, Attributes = attributes,
    };

    public static LogRecord Log(string body, string resource = "api", long time = 1_000, LogSeverity severity = LogSeverity.Information) => new()
    {
        Body = body, Resource = Resource(resource), Scope = Scope, Time = time, Severity = severity,
    };
}
