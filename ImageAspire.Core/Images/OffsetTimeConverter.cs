using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageAspire.Core.Images;

/// <summary>A time as RFC 3339 with its own offset, where the offset says something: when a photo was taken.</summary>
public sealed class OffsetTimeConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture));
}
