using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>Reads spans.</summary>
/// <param name="context">What the readers share.</param>
internal sealed class SpanReader(ReaderContext context) : SignalReader(context)
{
    private readonly List<Span> _spans = [];

    protected override void Read(TelemetryResource resource, TelemetryScope scope, ReadOnlySpan<byte> item)
    {
        var made = Texts.Made;
        var (traceId, spanId, parentId, isValid) = (default(TraceId), default(SpanId), default(SpanId), true);
        var (name, traceState, message) = ("", "", "");
        var (kind, status, start, end) = (0UL, 0UL, 0L, 0L);
        var reader = new WireReader(item);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OtlpFields.Span.TraceId:
                    traceId = TraceIdOf(reader.Bytes());
                    break;
                case OtlpFields.Span.SpanId:
                    spanId = SpanIdOf(reader.Bytes());
                    break;
                case OtlpFields.Span.ParentId:
                    var parent = reader.Bytes();
                    (parentId, isValid) = (SpanIdOf(parent), parent.Length is 0 or 8);
                    break;
                case OtlpFields.Span.TraceState:
                    traceState = Texts.Get(reader.Bytes(), Limits.AttributeLength);
                    break;
                case OtlpFields.Span.Name:
                    name = Texts.Get(reader.Bytes(), Limits.AttributeLength);
                    break;
                case OtlpFields.Span.Kind:
                    kind = reader.Varint();
                    break;
                case OtlpFields.Span.Start:
                    start = Time(reader.Fixed64());
                    break;
                case OtlpFields.Span.End:
                    end = Time(reader.Fixed64());
                    break;
                case OtlpFields.Span.Status:
                    (status, message) = Status(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (!isValid || traceId.IsEmpty || spanId.IsEmpty)
        {
            Reject(1, "A span needs a trace id of 16 bytes and a span id of 8, not all zero; a parent's id has 8.");
            return;
        }

        if (start == 0)
            start = end == 0 ? Now : end;
        var attributes = Attributes.Read(item, OtlpFields.Span.Attributes);
        var bytes = TelemetrySize.Span + TelemetrySize.OfAttributes(attributes.Length);
        var events = Events(item, ref bytes);
        var links = Links(item, ref bytes);
        bytes += (int)(Texts.Made - made);
        Charge(bytes);
        _spans.Add(new Span
        {
            TraceId = traceId, SpanId = spanId, ParentId = parentId == spanId ? default : parentId, Resource = resource, Scope = scope,
            Name = name, Kind = kind <= (ulong)SpanKind.Consumer ? (SpanKind)kind : SpanKind.Unspecified,
            Start = start, End = Math.Max(start, end), Status = status <= (ulong)SpanStatus.Error ? (SpanStatus)status : SpanStatus.Unset,
            StatusMessage = message, TraceState = traceState, Attributes = attributes, Events = events, Links = links, Bytes = bytes,
        });
    }

    protected override void Commit() =>
        Reject(Store.Traces.Add(_spans), $"A trace has at most {Limits.SpansPerTrace} spans, and half of the memory.");

    protected override void Clear() => _spans.Clear();

    private (ulong Code, string Message) Status(ReadOnlySpan<byte> status)
    {
        var (code, message) = (0UL, "");
        var reader = new WireReader(status);
        while (reader.Next())
        {
            if (reader.Field == OtlpFields.Status.Code)
                code = reader.Varint();
            else if (reader.Field == OtlpFields.Status.Message)
                message = Texts.Get(reader.Bytes(), Limits.AttributeLength);
            else
                reader.Skip();
        }

        return (code, message);
    }

    private SpanEvent[] Events(ReadOnlySpan<byte> span, ref int bytes)
    {
        var count = Math.Min(WireReader.Count(span, OtlpFields.Span.Events), Limits.SpanEventCount);
        if (count == 0)
            return [];
        var events = new SpanEvent[count];
        var reader = new WireReader(span);
        for (var i = 0; reader.Next();)
        {
            if (reader.Field == OtlpFields.Span.Events && i < count)
                bytes += SizeOf(events[i++] = Event(reader.Bytes()));
            else
                reader.Skip();
        }

        bytes += TelemetrySize.OfReferences(count);
        Array.Sort(events, (a, b) => a.Time.CompareTo(b.Time));
        return events;
    }

    private SpanEvent Event(ReadOnlySpan<byte> message)
    {
        var (time, name) = (0L, "");
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == OtlpFields.SpanEvent.Time)
                time = Time(reader.Fixed64());
            else if (reader.Field == OtlpFields.SpanEvent.Name)
                name = Texts.Get(reader.Bytes(), Limits.AttributeLength);
            else
                reader.Skip();
        }

        return new SpanEvent(time, name, Attributes.Read(message, OtlpFields.SpanEvent.Attributes));
    }

    private SpanLink[] Links(ReadOnlySpan<byte> span, ref int bytes)
    {
        var count = Math.Min(WireReader.Count(span, OtlpFields.Span.Links), Limits.SpanEventCount);
        if (count == 0)
            return [];
        var links = new SpanLink[count];
        var reader = new WireReader(span);
        for (var i = 0; reader.Next();)
        {
            if (reader.Field == OtlpFields.Span.Links && i < count)
                bytes += SizeOf(links[i++] = Link(reader.Bytes()));
            else
                reader.Skip();
        }

        bytes += TelemetrySize.OfReferences(count);
        return links;
    }

    private SpanLink Link(ReadOnlySpan<byte> message) => new(
        TraceIdOf(WireReader.Find(message, OtlpFields.SpanLink.TraceId)), SpanIdOf(WireReader.Find(message, OtlpFields.SpanLink.SpanId)),
        Attributes.Read(message, OtlpFields.SpanLink.Attributes));

    private static int SizeOf(SpanEvent one) => TelemetrySize.SpanEvent + TelemetrySize.OfAttributes(one.Attributes.Count);

    private static int SizeOf(SpanLink one) => TelemetrySize.SpanLink + TelemetrySize.OfAttributes(one.Attributes.Count);
}
