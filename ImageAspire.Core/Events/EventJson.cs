using System.Text.Json.Serialization;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Events;

/// <summary>The JSON of events, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(LowerCaseStatusConverter), typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(CloudEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
