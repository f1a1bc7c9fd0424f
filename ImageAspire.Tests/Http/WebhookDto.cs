namespace ImageAspire.Tests.Http;

public sealed record WebhookDto(
    Guid Id, string Url, IReadOnlyList<string> Types, bool Enabled, DateTimeOffset CreatedAt, string CreatedBy, string? DisabledReason = null,
    DateTimeOffset? PreviousSecretUntil = null, string? Secret = null, WebhookTryDto? Last = null);

public sealed record WebhookTryDto(
    DateTimeOffset At, string Type, string State, int? Status = null, string? Error = null, string? Detail = null, DateTimeOffset? NextAttemptAt = null);

public sealed record WebhookTestDto(Guid DeliveryId);

public sealed record DeliveryDto(
    Guid Id, Guid EventId, string Type, string State, DateTimeOffset CreatedAt, IReadOnlyList<DeliveryAttemptDto> Attempts, Guid? ImageId = null,
    DateTimeOffset? NextAttemptAt = null);

public sealed record DeliveryAttemptDto(
    int Number, DateTimeOffset At, long DurationMs, int? Status = null, string? Error = null, string? Detail = null, string? Answer = null);
