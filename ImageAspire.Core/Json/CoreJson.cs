using System.Text.Json.Serialization;
using ImageAspire.Core.Access;
using ImageAspire.Core.Alarms;
using ImageAspire.Core.Events;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Core.Json;

/// <summary>The JSON of the domain, generated at compile time: camelCase, enums in lower case, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(LowerCaseStatusConverter), typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ImageRecord))]
[JsonSerializable(typeof(ImageEventData))]
[JsonSerializable(typeof(CloudEvent))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(ReprocessingJob))]
[JsonSerializable(typeof(ScrubProgress))]
[JsonSerializable(typeof(ScrubFinding))]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(AlarmBook))]
[JsonSerializable(typeof(IReadOnlyList<DeliveryAttempt>))]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(AccessEventData))]
[JsonSerializable(typeof(ResumableUpload))]
public sealed partial class CoreJson : JsonSerializerContext;
