using ImageAspire.Core.Access;

namespace ImageAspire.Api.Access;

/// <summary>API keys.</summary>
/// <param name="Items">Those of the configuration first, then the others, oldest first.</param>
public sealed record KeyList(IReadOnlyList<KeyAnswer> Items);

/// <summary>An API key.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, in records and in the audit log.</param>
/// <param name="Source">configuration (read-only here) or api.</param>
/// <param name="State">active, expired or revoked.</param>
/// <param name="Scopes">What it may do: read, write, operate.</param>
/// <param name="RequestsPerSecond">Sustained rate; 0 for not limited.</param>
/// <param name="Burst">How many requests may come at once.</param>
/// <param name="QuotaBytes">How many bytes the originals of its images may need; absent for not limited.</param>
/// <param name="StoredBytes">How many they need; not in the answer that makes the key.</param>
/// <param name="Hint">The first characters of its secret; not of keys of the configuration.</param>
/// <param name="CreatedAt">When it was made, UTC; not of keys of the configuration.</param>
/// <param name="CreatedBy">Name of the key that made it.</param>
/// <param name="ExpiresAt">When it ends by itself, UTC.</param>
/// <param name="LastUsedAt">When it was used last, UTC, to the minute or so; absent when it never was.</param>
/// <param name="RotatedAt">When its secret was last rotated, UTC.</param>
/// <param name="PreviousSecretUntil">Until when the secret before the last rotation works too, UTC.</param>
/// <param name="RevokedAt">When it was revoked, UTC.</param>
/// <param name="RevokedBy">Name of the key that revoked it.</param>
/// <param name="Secret">The secret; only in the answer that makes it.</param>
public sealed record KeyAnswer(
    Guid Id, string Name, string Source, string State, IReadOnlyList<string> Scopes, int RequestsPerSecond, int Burst, long? QuotaBytes, long? StoredBytes, string? Hint,
    DateTimeOffset? CreatedAt, string? CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RotatedAt,
    DateTimeOffset? PreviousSecretUntil, DateTimeOffset? RevokedAt, string? RevokedBy, string? Secret)
{
    internal static KeyAnswer Of(ApiKey key, long? quota, DateTimeOffset? lastUsed, DateTimeOffset now, string? secret = null) => new(
        key.Id, key.Name, "api", key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= now ? "expired" : "active", key.Scopes, key.RequestsPerSecond, key.Burst,
        quota, null, key.Hint, key.CreatedAt, key.CreatedBy, key.ExpiresAt, lastUsed, key.RotatedAt,
        key.PreviousUntil > now && key.RevokedAt is null ? key.PreviousUntil : null, key.RevokedAt, key.RevokedBy, secret);

    internal static KeyAnswer Of(KeyOptions key, Caller caller, DateTimeOffset? lastUsed) => new(
        caller.Id, key.Name, "configuration", "active", key.ScopeNames, key.RequestsPerSecond, key.Burst,
        caller.QuotaBytes, null, null, null, null, null, lastUsed, null, null, null, null, null);
}
