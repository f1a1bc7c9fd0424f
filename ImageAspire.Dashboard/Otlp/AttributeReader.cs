using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>Reads attributes and values (<c>KeyValue</c>, <c>AnyValue</c>), within the limits. Not for several threads.</summary>
/// <param name="texts">Where text comes from.</param>
/// <param name="maxCount">Attributes of one thing at most.</param>
/// <param name="maxLength">Characters of a key or a value at most.</param>
internal sealed class AttributeReader(TextPool texts, int maxCount, int maxLength)
{
    private readonly StructuredValues _structured = new(maxLength);

    /// <summary>The attributes among the fields of a message; those beyond the limit are left out.</summary>
    /// <param name="message">The message.</param>
    /// <param name="field">Number of the field that holds them.</param>
    public TelemetryAttribute[] Read(ReadOnlySpan<byte> message, int field)
    {
        var count = Math.Min(WireReader.Count(message, field), maxCount);
        if (count == 0)
            return [];
        var attributes = new TelemetryAttribute[count];
        var reader = new WireReader(message);
        for (var i = 0; reader.Next();)
        {
            if (reader.Field == field && i < count)
                attributes[i++] = KeyValue(reader.Bytes());
            else
                reader.Skip();
        }

        return attributes;
    }

    /// <summary>Text of a value that stands alone: a log record's body.</summary>
    public string Text(ReadOnlySpan<byte> anyValue, int length) => Value("", anyValue, length).Value;

    private TelemetryAttribute KeyValue(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> key = default, value = default;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == OtlpFields.KeyValue.Key)
                key = reader.Bytes();
            else if (reader.Field == OtlpFields.KeyValue.Value)
                value = reader.Bytes();
            else
                reader.Skip();
        }

        return Value(texts.Get(key, maxLength), value, maxLength);
    }

    private TelemetryAttribute Value(string key, ReadOnlySpan<byte> anyValue, int length)
    {
        var value = new TelemetryAttribute(key, "", AttributeKind.Empty);
        var reader = new WireReader(anyValue);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OtlpFields.AnyValue.Text:
                    value = new TelemetryAttribute(key, texts.Get(reader.Bytes(), length));
                    break;
                case OtlpFields.AnyValue.Boolean:
                    value = new TelemetryAttribute(key, reader.Varint() != 0 ? "true" : "false", AttributeKind.Boolean);
                    break;
                case OtlpFields.AnyValue.WholeNumber:
                    value = new TelemetryAttribute(key, texts.Get((long)reader.Varint()), AttributeKind.WholeNumber);
                    break;
                case OtlpFields.AnyValue.RealNumber:
                    value = new TelemetryAttribute(key, texts.Get(reader.Double()), AttributeKind.RealNumber);
                    break;
                case OtlpFields.AnyValue.List or OtlpFields.AnyValue.Map:
                    value = new TelemetryAttribute(key, "", AttributeKind.Structured);
                    reader.Skip();
                    break;
                case OtlpFields.AnyValue.Binary:
                    var bytes = reader.Bytes();
                    value = Cut(key, StructuredValues.Base64(bytes, length), length, AttributeKind.Bytes);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // Once, however often the field is repeated: writing reads the whole message.
        return value.Kind == AttributeKind.Structured ? Cut(key, _structured.Write(anyValue), length, AttributeKind.Structured) : value;
    }

    // What is cut can no longer be read as what it was.
    private TelemetryAttribute Cut(string key, string text, int length, AttributeKind kind) =>
        new(key, texts.Long(TextPool.Cut(text, length)), text.Length > length ? AttributeKind.Text : kind);
}
