using System.Text.Json.Serialization;
using ImageAspire.Api.Access;
using ImageAspire.Api.Images;
using ImageAspire.Api.Live;
using ImageAspire.Api.Operations;
using ImageAspire.Api.Reports;
using ImageAspire.Api.Search;
using ImageAspire.Api.Uploads;
using ImageAspire.Api.Webhooks;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Http;

/// <summary>The JSON of the HTTP contract, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(LowerCaseStatusConverter), typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ImageAnswer))]
[JsonSerializable(typeof(ImageListPage))]
[JsonSerializable(typeof(ImagePage))]
[JsonSerializable(typeof(SimilarPage))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(DailyList))]
[JsonSerializable(typeof(CostEstimate))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditHead))]
[JsonSerializable(typeof(AuditVerification))]
[JsonSerializable(typeof(LiveEvent))]
[JsonSerializable(typeof(SubscriptionList))]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(RetriedAnswer))]
[JsonSerializable(typeof(StageList))]
[JsonSerializable(typeof(StageRunAnswer))]
[JsonSerializable(typeof(ScrubAnswer))]
[JsonSerializable(typeof(StorageAnswer))]
[JsonSerializable(typeof(BackupsAnswer))]
[JsonSerializable(typeof(ServiceList))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(WebhookChange))]
[JsonSerializable(typeof(DeliveryList))]
[JsonSerializable(typeof(TestAnswer))]
[JsonSerializable(typeof(GallerySettings))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(KeyChange))]
[JsonSerializable(typeof(KeyRotation))]
internal sealed partial class ApiJson : JsonSerializerContext;
