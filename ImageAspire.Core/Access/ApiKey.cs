namespace ImageAspire.Core.Access;

/// <summary>A key that a caller was given over HTTP. Its secret is known to the caller alone; here is only the secret's SHA-256.</summary>
public sealed record ApiKey
{
    /// <summary>Most keys of an installation that are not revoked.</summary>
    public const int Most = 500;

    /// <summary>How long a revoked key is remembered, so that lists still name it and its caller gets an error that says so.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>1 when it is made; grows with every change.</summary>
    public required long Version { get; init; }

    /// <summary>Its name, in records and in the audit log; no two keys that are not revoked have the same <see cref="NameKey"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do: read, write, operate; at least one.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Sustained rate; 0 for not limited.</summary>
    public required int RequestsPerSecond { get; init; }

    /// <summary>How many requests may come at once.</summary>
    public required int Burst { get; init; }

    /// <summary>How many bytes its images may need in all; 0 for not limited, null for what the configuration says.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>When it ends by itself, UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>SHA-256 of the secret, 64 hexadecimal digits in lower case.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The first characters of the secret, to tell it from others: too few to help a guesser.</summary>
    public required string Hint { get; init; }

    /// <summary>SHA-256 of the secret before the last rotation.</summary>
    public string? PreviousSha256 { get; init; }

    /// <summary>Until when that one works too, UTC.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Name of the key that made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When its secret was last rotated, UTC.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>When it was revoked, UTC; such a key opens nothing and never changes again.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Name of the key that revoked it.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>What happened to the key and is not in the audit log yet; written together with the change, so that no crash loses it.</summary>
    public IReadOnlyList<AccessEvent> Unrecorded { get; init; } = [];

    /// <summary>What names are compared by: a name in other letters' cases would be taken for this one.</summary>
    public static string NameKey(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToUpperInvariant();
    }

    /// <summary>With a new secret.</summary>
    /// <param name="secret">The new one.</param>
    /// <param name="overlap">How long the old one works too; a still older one ends at once.</param>
    /// <param name="now">The time, UTC.</param>
    public ApiKey Rotate(string secret, TimeSpan overlap, DateTimeOffset now) => this with
    {
        Sha256 = ApiKeySecret.Hash(secret), Hint = ApiKeySecret.Hint(secret), RotatedAt = now,
        // Remembered also when it ends at once: its owner gets an error that says so, and does not count as guessing.
        PreviousSha256 = Sha256, PreviousUntil = now + overlap,
    };

    /// <summary>The next version, with what the audit log is to say about it.</summary>
    public ApiKey Next(AccessEvent happened) => this with { Version = Version + 1, Unrecorded = [.. Unrecorded, happened] };

    /// <summary>Never the hashes: this text may come into a log.</summary>
    public override string ToString() => $"key {Id}";
}
