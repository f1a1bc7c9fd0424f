using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageAspire.Core.Events;

/// <summary>The wire form of <see cref="ImageEvent"/>: CloudEvents 1.0, JSON, structured mode.</summary>
/// <remarks>Source: github.com/cloudevents/spec, v1.0.2, "JSON Event Format" and the "Distributed Tracing" extension.</remarks>
/// <param name="SpecVersion">Always <c>1.0</c>.</param>
/// <param name="Id">Event id.</param>
/// <param name="Source">Always <c>/images</c>.</param>
/// <param name="Type">Event type.</param>
/// <param name="Subject">Image id.</param>
/// <param name="Time">RFC 3339.</param>
/// <param name="DataContentType">Always <c>application/json</c>.</param>
/// <param name="TraceParent">W3C trace context.</param>
/// <param name="Data">Payload.</param>
public sealed record CloudEvent(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    string Id, string Source, string Type, string Subject, DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType,
    [property: JsonPropertyName("traceparent")] string? TraceParent,
    ImageEventData Data);

/// <summary>Writes and reads CloudEvents.</summary>
public static class CloudEvents
{
    /// <summary>Media type of the body.</summary>
    public const string ContentType = "application/cloudevents+json";

    /// <summary>UTF-8 JSON of an event.</summary>
    public static byte[] Write(ImageEvent e) => JsonSerializer.SerializeToUtf8Bytes(
        new CloudEvent("1.0", e.Id.ToString("D"), "/images", e.Type, e.ImageId.ToString("D"), e.Time, "application/json", e.TraceParent, e.Data),
        EventJson.Default.CloudEvent);

    /// <summary>The event in a body.</summary>
    /// <exception cref="FormatException">The body is not a CloudEvent of ours; the message says which part is wrong.</exception>
    public static ImageEvent Read(ReadOnlySpan<byte> utf8)
    {
        CloudEvent? e;
        try
        {
            e = JsonSerializer.Deserialize(utf8, EventJson.Default.CloudEvent);
        }
        catch (JsonException error)
        {
            throw new FormatException($"The message body is not a CloudEvent in JSON: {error.Message}", error);
        }

        if (e is not { SpecVersion: "1.0", Data.Schema: 1 })
            throw new FormatException("The message body is not a CloudEvent 1.0 with data of schema 1.");
        if (!Guid.TryParseExact(e.Id, "D", out var id))
            throw new FormatException($"The CloudEvent's id '{e.Id}' is not a UUID.");
        if (!Guid.TryParseExact(e.Subject, "D", out var imageId))
            throw new FormatException($"The CloudEvent's subject '{e.Subject}' is not an image id.");
        return new ImageEvent(id, e.Type, imageId, e.Time, e.TraceParent, e.Data);
    }
}
