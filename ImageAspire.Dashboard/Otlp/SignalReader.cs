using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>What became of a request.</summary>
/// <param name="Rejected">Spans, log records or points that were not taken.</param>
/// <param name="Reason">Why; null when all were.</param>
internal readonly record struct IntakeResult(long Rejected, string? Reason);

/// <summary>
/// Reads requests of one signal. All of a request is read before any of it is stored: one that is malformed changes nothing.
/// Not for several threads.
/// </summary>
/// <param name="context">What the readers share.</param>
internal abstract class SignalReader(ReaderContext context)
{
    private long _bytes;
    private long _rejected;
    private string? _reason;

    protected TelemetryStore Store => context.Store;

    protected TelemetryLimits Limits => context.Store.Limits;

    protected TextPool Texts => context.Texts;

    protected AttributeReader Attributes => context.Attributes;

    protected AttributeReader FewAttributes => context.FewAttributes;

    protected long Now => context.Store.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;

    private Senders Senders => context.Senders;

    /// <summary>Reads a request and stores what is in it.</summary>
    /// <exception cref="MalformedRequestException">It cannot be read; nothing has changed.</exception>
    /// <exception cref="RequestTooLargeException">It would take too much memory; nothing has changed.</exception>
    public IntakeResult Take(ReadOnlySpan<byte> request)
    {
        (_bytes, _rejected, _reason) = (0, 0, null);
        try
        {
            var reader = new WireReader(request);
            while (reader.Next())
            {
                if (reader.Field == OtlpFields.Resources)
                    ReadResource(reader.Bytes());
                else
                    reader.Skip();
            }

            Senders.Commit();
            Commit();
            return new IntakeResult(_rejected, _reason);
        }
        finally
        {
            Senders.EndRequest();
            Clear();
        }
    }

    /// <summary>Reads one span, record or metric.</summary>
    protected abstract void Read(TelemetryResource resource, TelemetryScope scope, ReadOnlySpan<byte> item);

    /// <summary>How many spans, records or points an item is.</summary>
    protected virtual int Count(ReadOnlySpan<byte> item) => 1;

    /// <summary>Stores what was read.</summary>
    protected abstract void Commit();

    /// <summary>Forgets what was read.</summary>
    protected abstract void Clear();

    protected void Reject(long count, string reason)
    {
        if (count == 0)
            return;
        _rejected += count;
        _reason ??= reason;
    }

    /// <summary>Counts the memory of what was read: small things on the wire are larger here.</summary>
    protected void Charge(long bytes)
    {
        _bytes += bytes;
        if (_bytes > Limits.BytesPerStore)
            throw new RequestTooLargeException($"The request would take more than the {Limits.BytesPerStore} bytes that are kept in all. Send smaller ones.");
    }

    /// <summary>Nanoseconds; what lies beyond the year 2262 is taken for that.</summary>
    public static long Time(ulong nanoseconds) => (long)Math.Min(nanoseconds, long.MaxValue);

    public static TraceId TraceIdOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 16 ? new TraceId(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;

    public static SpanId SpanIdOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 8 ? new SpanId(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes)) : default;

    private void ReadResource(ReadOnlySpan<byte> message)
    {
        var resource = Senders.Resource(WireReader.Find(message, OtlpFields.OfResource.Resource));
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == OtlpFields.OfResource.Scopes)
                ReadScope(resource, reader.Bytes());
            else
                reader.Skip();
        }
    }

    private void ReadScope(TelemetryResource? resource, ReadOnlySpan<byte> message)
    {
        var scope = Senders.Scope(WireReader.Find(message, OtlpFields.OfScope.Scope));
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field != OtlpFields.OfScope.Items)
                reader.Skip();
            else if (resource is not null)
                Read(resource, scope, reader.Bytes());
            else
                Reject(Count(reader.Bytes()), $"There are {Limits.Resources} resources already.");
        }
    }
}
