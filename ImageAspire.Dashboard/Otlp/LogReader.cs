using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>Reads log records.</summary>
/// <param name="context">What the readers share.</param>
internal sealed class LogReader(ReaderContext context) : SignalReader(context)
{
    private const int MaxSeverity = 24;

    private readonly List<LogRecord> _records = [];

    protected override void Read(TelemetryResource resource, TelemetryScope scope, ReadOnlySpan<byte> item)
    {
        var made = Texts.Made;
        var (time, observed, severity) = (0L, 0L, 0UL);
        var (body, eventName) = ("", "");
        var (traceId, spanId) = (default(TraceId), default(SpanId));
        var reader = new WireReader(item);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OtlpFields.LogRecord.Time:
                    time = Time(reader.Fixed64());
                    break;
                case OtlpFields.LogRecord.ObservedTime:
                    observed = Time(reader.Fixed64());
                    break;
                case OtlpFields.LogRecord.Severity:
                    severity = reader.Varint();
                    break;
                case OtlpFields.LogRecord.Body:
                    body = Attributes.Text(reader.Bytes(), Limits.BodyLength);
                    break;
                case OtlpFields.LogRecord.EventName:
                    eventName = Texts.Get(reader.Bytes(), Limits.AttributeLength);
                    break;
                case OtlpFields.LogRecord.TraceId:
                    traceId = TraceIdOf(reader.Bytes());
                    break;
                case OtlpFields.LogRecord.SpanId:
                    spanId = SpanIdOf(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var attributes = Attributes.Read(item, OtlpFields.LogRecord.Attributes);
        var bytes = TelemetrySize.LogRecord + TelemetrySize.OfAttributes(attributes.Length) + (int)(Texts.Made - made);
        Charge(bytes);
        var number = severity <= MaxSeverity ? (int)severity : 0;
        _records.Add(new LogRecord
        {
            Resource = resource, Scope = scope, Time = time != 0 ? time : observed != 0 ? observed : Now, SeverityNumber = number,
            Severity = number == 0 ? LogSeverity.Trace : (LogSeverity)((number - 1) / 4), Body = body, EventName = eventName,
            TraceId = traceId, SpanId = spanId, Attributes = attributes, Bytes = bytes,
        });
    }

    protected override void Commit() => Store.Logs.Add(_records);

    protected override void Clear() => _records.Clear();
}
