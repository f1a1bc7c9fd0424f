namespace ImageAspire.Dashboard.Otlp;

/// <summary>
/// Numbers of the fields that are read, from the OpenTelemetry protocol (opentelemetry-proto 1.x). All other fields are passed over.
/// </summary>
internal static class OtlpFields
{
    /// <summary>Of a request: <c>resource_spans</c>, <c>resource_logs</c>, <c>resource_metrics</c>.</summary>
    public const int Resources = 1;

    /// <summary>Of an ArrayValue or a KeyValueList.</summary>
    public const int Values = 1;

    /// <summary>ResourceSpans, ResourceLogs, ResourceMetrics.</summary>
    public static class OfResource
    {
        public const int Resource = 1;
        public const int Scopes = 2;
    }

    /// <summary>ScopeSpans, ScopeLogs, ScopeMetrics.</summary>
    public static class OfScope
    {
        public const int Scope = 1;
        public const int Items = 2;
    }

    public static class Resource
    {
        public const int Attributes = 1;
    }

    /// <summary>InstrumentationScope.</summary>
    public static class Scope
    {
        public const int Name = 1;
        public const int Version = 2;
    }

    public static class KeyValue
    {
        public const int Key = 1;
        public const int Value = 2;
    }

    public static class AnyValue
    {
        public const int Text = 1;
        public const int Boolean = 2;
        public const int WholeNumber = 3;
        public const int RealNumber = 4;
        public const int List = 5;
        public const int Map = 6;
        public const int Binary = 7;
    }

    public static class Span
    {
        public const int TraceId = 1;
        public const int SpanId = 2;
        public const int TraceState = 3;
        public const int ParentId = 4;
        public const int Name = 5;
        public const int Kind = 6;
        public const int Start = 7;
        public const int End = 8;
        public const int Attributes = 9;
        public const int Events = 11;
        public const int Links = 13;
        public const int Status = 15;
    }

    public static class SpanEvent
    {
        public const int Time = 1;
        public const int Name = 2;
        public const int Attributes = 3;
    }

    public static class SpanLink
    {
        public const int TraceId = 1;
        public const int SpanId = 2;
        public const int Attributes = 4;
    }

    public static class Status
    {
        public const int Message = 2;
        public const int Code = 3;
    }

    public static class LogRecord
    {
        public const int Time = 1;
        public const int Severity = 2;
        public const int Body = 5;
        public const int Attributes = 6;
        public const int TraceId = 9;
        public const int SpanId = 10;
        public const int ObservedTime = 11;
        public const int EventName = 12;
    }

    public static class Metric
    {
        public const int Name = 1;
        public const int Description = 2;
        public const int Unit = 3;
        public const int Gauge = 5;
        public const int Sum = 7;
        public const int Histogram = 9;
        public const int ExponentialHistogram = 10;
        public const int Summary = 11;
    }

    /// <summary>Gauge, Sum, Histogram, ExponentialHistogram, Summary.</summary>
    public static class Data
    {
        public const int Points = 1;
        public const int Temporality = 2;
        public const int IsMonotonic = 3;
    }

    public static class NumberPoint
    {
        public const int Start = 2;
        public const int Time = 3;
        public const int Real = 4;
        public const int Exemplars = 5;
        public const int Whole = 6;
        public const int Attributes = 7;
        public const int Flags = 8;
    }

    public static class HistogramPoint
    {
        public const int Start = 2;
        public const int Time = 3;
        public const int Count = 4;
        public const int Sum = 5;
        public const int Buckets = 6;
        public const int Bounds = 7;
        public const int Exemplars = 8;
        public const int Attributes = 9;
        public const int Flags = 10;
    }

    public static class ExponentialPoint
    {
        public const int Attributes = 1;
        public const int Start = 2;
        public const int Time = 3;
        public const int Count = 4;
        public const int Sum = 5;
        public const int Scale = 6;
        public const int Zeros = 7;
        public const int Positive = 8;
        public const int Negative = 9;
        public const int Flags = 10;
        public const int Exemplars = 11;
    }

    /// <summary>ExponentialHistogramDataPoint.Buckets.</summary>
    public static class Buckets
    {
        public const int Offset = 1;
        public const int Counts = 2;
    }

    public static class SummaryPoint
    {
        public const int Start = 2;
        public const int Time = 3;
        public const int Count = 4;
        public const int Sum = 5;
        public const int Attributes = 7;
        public const int Flags = 8;
    }

    public static class Exemplar
    {
        public const int Time = 2;
        public const int Real = 3;
        public const int SpanId = 4;
        public const int TraceId = 5;
        public const int Whole = 6;
    }
}
