namespace ImageAspire.Tests.Http;

public sealed record KeyDto(
    Guid Id, string Name, string Source, string State, IReadOnlyList<string> Scopes, int RequestsPerSecond, int Burst, long? QuotaBytes = null, long? StoredBytes = null, string? Hint = null,
    DateTimeOffset? CreatedAt = null, string? CreatedBy = null, DateTimeOffset? ExpiresAt = null, DateTimeOffset? LastUsedAt = null,
    DateTimeOffset? RotatedAt = null, DateTimeOffset? PreviousSecretUntil = null, DateTimeOffset? RevokedAt = null, string? RevokedBy = null,
    string? Secret = null);
