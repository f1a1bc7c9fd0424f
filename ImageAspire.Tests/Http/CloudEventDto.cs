using System.Text.Json.Serialization;

namespace ImageAspire.Tests.Http;

/// <summary>The body of a webhook: a CloudEvent, whose attributes have no upper case.</summary>
/// <typeparam name="T">Its data: <see cref="EventDataDto"/>, or <see cref="WebhookTestDataDto"/> for a test.</typeparam>
public sealed record CloudEventDto<T>(
    [property: JsonPropertyName("specversion")] string SpecVersion, Guid Id, string Source, string Type, string Subject, DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType, T Data,
    [property: JsonPropertyName("traceparent")] string? TraceParent = null);

public sealed record WebhookTestDataDto(int Schema, string Actor);
