using System.Text.Json.Serialization;

namespace ImageAspire.Tests.Http;

/// <summary>The body of a webhook: a CloudEvent, whose attributes have no upper case.</summary>
public sealed record CloudEventDto(
    [property: JsonPropertyName("specversion")] string SpecVersion, Guid Id, string Source, string Type, string Subject, DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType, EventDataDto Data,
    [property: JsonPropertyName("traceparent")] string? TraceParent = null);
