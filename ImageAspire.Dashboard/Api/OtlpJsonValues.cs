using System.Globalization;
using System.Text.Json;
using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Api;

/// <summary>Writes attributes as OTLP JSON, with the types that they were sent with.</summary>
internal static class OtlpJsonValues
{
    /// <summary><c>"attributes":[…]</c>; nothing when there are none.</summary>
    public static void WriteAttributes(Utf8JsonWriter json, IReadOnlyList<TelemetryAttribute> attributes)
    {
        if (attributes.Count == 0)
            return;
        json.WriteStartArray("attributes");
        foreach (var attribute in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", attribute.Key);
            json.WritePropertyName("value");
            Write(json, attribute);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, TelemetryAttribute attribute)
    {
        if (attribute.Kind == AttributeKind.Structured)
        {
            using var document = JsonDocument.Parse(attribute.Value);
            Write(json, document.RootElement);
            return;
        }

        json.WriteStartObject();
        switch (attribute.Kind)
        {
            case AttributeKind.Text:
                json.WriteString("stringValue", attribute.Value);
                break;
            case AttributeKind.Boolean:
                json.WriteBoolean("boolValue", attribute.Value == "true");
                break;
            case AttributeKind.WholeNumber:
                json.WriteString("intValue", attribute.Value);
                break;
            case AttributeKind.RealNumber:
                WriteReal(json, attribute.Value);
                break;
            case AttributeKind.Bytes:
                json.WriteString("bytesValue", attribute.Value);
                break;
        }

        json.WriteEndObject();
    }

    // Plain JSON tells everything but bytes from text.
    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        json.WriteStartObject();
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                json.WriteString("stringValue", value.GetString());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                json.WriteBoolean("boolValue", value.GetBoolean());
                break;
            case JsonValueKind.Number when value.TryGetInt64(out _) && !value.GetRawText().Contains('.', StringComparison.Ordinal):
                json.WriteString("intValue", value.GetRawText());
                break;
            case JsonValueKind.Number:
                json.WriteNumber("doubleValue", value.GetDouble());
                break;
            case JsonValueKind.Array:
                json.WriteStartObject("arrayValue");
                json.WriteStartArray("values");
                foreach (var item in value.EnumerateArray())
                    Write(json, item);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case JsonValueKind.Object:
                json.WriteStartObject("kvlistValue");
                json.WriteStartArray("values");
                foreach (var property in value.EnumerateObject())
                {
                    json.WriteStartObject();
                    json.WriteString("key", property.Name);
                    json.WritePropertyName("value");
                    Write(json, property.Value);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                break;
        }

        json.WriteEndObject();
    }

    // JSON has no such numbers; protobuf's JSON writes their names.
    private static void WriteReal(Utf8JsonWriter json, string text)
    {
        var value = double.Parse(text, CultureInfo.InvariantCulture);
        if (double.IsFinite(value))
            json.WriteNumber("doubleValue", value);
        else
            json.WriteString("doubleValue", text);
    }
}
