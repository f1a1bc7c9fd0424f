using System.Text.Json;
using System.Text.Json.Serialization;
using ImageAspire.Core.Json;
using ImageAspire.Core.Images;

namespace ImageAspire.Api.Images;

/// <summary>A record as the API answers it, with <c>duplicate: true</c> when an upload found its bytes already there.</summary>
[JsonConverter(typeof(ImageAnswerConverter))]
public sealed record ImageAnswer
{
    /// <summary>The record; its members stand at the top level of the JSON.</summary>
    public required ImageRecord Record { get; init; }

    /// <summary>True when nothing new was stored.</summary>
    public bool? Duplicate { get; init; }
}

/// <summary>Writes the record's members and then <c>duplicate</c> into one object.</summary>
internal sealed class ImageAnswerConverter : JsonConverter<ImageAnswer>
{
    public override ImageAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The API writes this type and never reads it.");

    public override void Write(Utf8JsonWriter writer, ImageAnswer value, JsonSerializerOptions options)
    {
        using var record = JsonSerializer.SerializeToDocument(value.Record, CoreJson.Default.ImageRecord);
        writer.WriteStartObject();
        foreach (var member in record.RootElement.EnumerateObject())
            member.WriteTo(writer);
        if (value.Duplicate is { } duplicate)
            writer.WriteBoolean("duplicate", duplicate);
        writer.WriteEndObject();
    }
}
