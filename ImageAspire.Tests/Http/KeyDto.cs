namespace ImageAspire.Tests.Http;

public sealed record KeyDto(
    Guid Id, string Name, string Source, string State, IReadOnlyList<string> Scopes, int RequestsPerSecond, int Burst, string? Hint = null,
    DateTimeOffset? CreatedAt = null, string? CreatedBy = null, DateTimeOffset? ExpiresAt = null, DateTimeOffset? LastUsedAt = null,
    DateTimeOffset? RotatedAt = null, DateTimeOffset? PreviousSecretUntil = null, DateTimeOffset? RevokedAt = null, string? RevokedBy = null,
    string? Secret = null);
