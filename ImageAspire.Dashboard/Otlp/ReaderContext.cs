using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>What the readers of the three signals share, so that a process that sends all three is one resource. Not for several threads.</summary>
internal sealed class ReaderContext
{
    // Those of a resource or of a series are kept as long as it is, however much else arrives.
    private const int MaxResourceAttributes = 64;
    private const int MaxResourceText = 1_024;

    public ReaderContext(TelemetryStore store)
    {
        Store = store;
        Attributes = new AttributeReader(Texts, store.Limits.AttributeCount, store.Limits.AttributeLength);
        FewAttributes = new AttributeReader(
            Texts, Math.Min(store.Limits.AttributeCount, MaxResourceAttributes), Math.Min(store.Limits.AttributeLength, MaxResourceText));
        Senders = new Senders(store, Texts, FewAttributes);
    }

    public TelemetryStore Store { get; }

    public TextPool Texts { get; } = new();

    public AttributeReader Attributes { get; }

    /// <summary>For what is kept long: at most 64 attributes of 1,024 characters.</summary>
    public AttributeReader FewAttributes { get; }

    public Senders Senders { get; }
}
