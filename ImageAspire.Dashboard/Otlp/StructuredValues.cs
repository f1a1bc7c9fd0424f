using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>Writes lists and maps of values as plain JSON. Not for several threads.</summary>
/// <param name="length">Characters that are needed at most; nothing much beyond is written.</param>
internal sealed class StructuredValues(int length)
{
    private const int Depth = 32;

    // It is shown as text, never as markup: letters stay letters.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>JSON of a value.</summary>
    /// <exception cref="MalformedRequestException">It is nested too deeply, or no value.</exception>
    public string Write(ReadOnlySpan<byte> anyValue)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Readable);
        Write(json, anyValue, 0);
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Base64 of bytes; of a few more than are needed when they are too many.</summary>
    public static string Base64(ReadOnlySpan<byte> bytes, int length) => Convert.ToBase64String(bytes[..(int)Math.Min(bytes.Length, length + 3L)]);

    private void Write(Utf8JsonWriter json, ReadOnlySpan<byte> anyValue, int depth)
    {
        if (depth > Depth)
            throw new MalformedRequestException($"A value is nested more than {Depth} deep.");
        var reader = new WireReader(anyValue);
        var isWritten = false;
        while (reader.Next())
        {
            if (isWritten || reader.Field is < OtlpFields.AnyValue.Text or > OtlpFields.AnyValue.Binary)
            {
                reader.Skip();
                continue;
            }

            WriteValue(json, ref reader, depth);
            isWritten = true;
        }

        if (!isWritten)
            json.WriteNullValue();
    }

    private void WriteValue(Utf8JsonWriter json, ref WireReader reader, int depth)
    {
        switch (reader.Field)
        {
            case OtlpFields.AnyValue.Text:
                json.WriteStringValue(Text(reader.Bytes()));
                break;
            case OtlpFields.AnyValue.Boolean:
                json.WriteBooleanValue(reader.Varint() != 0);
                break;
            case OtlpFields.AnyValue.WholeNumber:
                json.WriteNumberValue((long)reader.Varint());
                break;
            case OtlpFields.AnyValue.RealNumber:
                WriteReal(json, reader.Double());
                break;
            case OtlpFields.AnyValue.List:
                WriteList(json, reader.Bytes(), depth);
                break;
            case OtlpFields.AnyValue.Map:
                WriteMap(json, reader.Bytes(), depth);
                break;
            default:
                json.WriteStringValue(Base64(reader.Bytes(), length));
                break;
        }
    }

    private void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> list, int depth)
    {
        json.WriteStartArray();
        var reader = new WireReader(list);
        while (reader.Next())
        {
            if (reader.Field == OtlpFields.Values && !IsEnough(json))
                Write(json, reader.Bytes(), depth + 1);
            else
                reader.Skip();
        }

        json.WriteEndArray();
    }

    private void WriteMap(Utf8JsonWriter json, ReadOnlySpan<byte> map, int depth)
    {
        json.WriteStartObject();
        var reader = new WireReader(map);
        while (reader.Next())
        {
            if (reader.Field != OtlpFields.Values || IsEnough(json))
            {
                reader.Skip();
                continue;
            }

            var pair = reader.Bytes();
            json.WritePropertyName(Text(WireReader.Find(pair, OtlpFields.KeyValue.Key)));
            Write(json, WireReader.Find(pair, OtlpFields.KeyValue.Value), depth + 1);
        }

        json.WriteEndObject();
    }

    // JSON has no such numbers; OTLP writes their names. A whole one keeps its point: it was not sent as a whole number.
    private static void WriteReal(Utf8JsonWriter json, double value)
    {
        if (!double.IsFinite(value))
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        else if (Math.Floor(value) == value && Math.Abs(value) < 1e15)
            json.WriteRawValue(value.ToString("0.0", CultureInfo.InvariantCulture), skipInputValidation: true);
        else
            json.WriteNumberValue(value);
    }

    // At most three bytes for a character: so much is cut for certain.
    private bool IsEnough(Utf8JsonWriter json) => json.BytesCommitted + json.BytesPending > (length * 3L) + 3;

    private string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8[..(int)Math.Min(utf8.Length, (length * 3L) + 3)]);
}
