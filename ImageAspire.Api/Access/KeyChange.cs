using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageAspire.Api.Http;
using ImageAspire.Core.Access;

namespace ImageAspire.Api.Access;

/// <summary>Settings of an API key; an absent member stays unchanged, or gets its default.</summary>
/// <param name="Name">1 to 64 letters, digits, spaces and . - _ @ : / ( ) + #; required for a new key, and unique.</param>
/// <param name="Scopes">read, write, operate; required for a new key, and at most those that the caller has.</param>
/// <param name="RequestsPerSecond">Sustained rate; 0 for not limited; default 200.</param>
/// <param name="Burst">How many requests may come at once; default 400.</param>
/// <param name="QuotaBytes">How many bytes the originals of its images may need; 0 for not limited, null for what the configuration says.</param>
/// <param name="ExpiresAt">When it expires, with its offset from UTC; null: never.</param>
public sealed record KeyChange(
    string? Name = null, IReadOnlyList<string>? Scopes = null, int? RequestsPerSecond = null, int? Burst = null, long? QuotaBytes = null,
    DateTimeOffset? ExpiresAt = null)
{
    private const int MaxBody = 16 * 1024;
    private const int MaxName = 64;

    /// <summary>Whether an expiry is removed: <c>"expiresAt": null</c>.</summary>
    [JsonIgnore]
    internal bool NeverExpires { get; init; }

    /// <summary>Whether its own quota is removed: <c>"quotaBytes": null</c>.</summary>
    [JsonIgnore]
    internal bool HasDefaultQuota { get; init; }

    /// <summary>The body that it is read from.</summary>
    internal static JsonBody<KeyChange> Body(DateTimeOffset now) => new JsonBody<KeyChange>(new KeyChange(), MaxBody)
        .Member("name", ParseName, (change, name) => change with { Name = name })
        .Member("scopes", ParseScopes, (change, scopes) => change with { Scopes = scopes })
        .Member("requestsPerSecond", JsonValues.WholeNumber(0, AccessOptions.MaxRate), (change, rate) => change with { RequestsPerSecond = rate })
        .Member("burst", JsonValues.WholeNumber(1, AccessOptions.MaxRate), (change, burst) => change with { Burst = burst })
        .Member("quotaBytes", ParseQuota, (change, quota) => change with { QuotaBytes = quota, HasDefaultQuota = quota is null })
        .Member("expiresAt", (_, json) => ParseExpiry(json, now), (change, expiry) => change with { ExpiresAt = expiry, NeverExpires = expiry is null });

    /// <summary>The new key.</summary>
    internal ApiKey Create(string secret, string actor, DateTimeOffset now)
    {
        var options = new KeyOptions();
        return new ApiKey
        {
            Id = Guid.CreateVersion7(now), Version = 1, Name = Name!, Scopes = Scopes!, RequestsPerSecond = RequestsPerSecond ?? options.RequestsPerSecond,
            Burst = Burst ?? options.Burst, QuotaBytes = QuotaBytes, ExpiresAt = ExpiresAt, Sha256 = ApiKeySecret.Hash(secret), Hint = ApiKeySecret.Hint(secret),
            CreatedAt = now, CreatedBy = actor,
        };
    }

    /// <summary>The key after the change, in the same version, and the names of the members that changed.</summary>
    internal (ApiKey After, IReadOnlyList<string> Changed) Apply(ApiKey before)
    {
        var after = before with
        {
            Name = Name ?? before.Name, Scopes = Scopes is null || Scopes.SequenceEqual(before.Scopes) ? before.Scopes : Scopes,
            RequestsPerSecond = RequestsPerSecond ?? before.RequestsPerSecond, Burst = Burst ?? before.Burst,
            QuotaBytes = HasDefaultQuota ? null : QuotaBytes ?? before.QuotaBytes,
            ExpiresAt = NeverExpires ? null : ExpiresAt ?? before.ExpiresAt,
        };
        string?[] changed =
        [
            after.Name == before.Name ? null : "name", ReferenceEquals(after.Scopes, before.Scopes) ? null : "scopes",
            after.RequestsPerSecond == before.RequestsPerSecond ? null : "requestsPerSecond", after.Burst == before.Burst ? null : "burst",
            after.QuotaBytes == before.QuotaBytes ? null : "quotaBytes",
            after.ExpiresAt == before.ExpiresAt ? null : "expiresAt",
        ];
        return (after, [.. changed.OfType<string>()]);
    }

    // Letters of any script, but no invisible, combining or direction-changing characters.
    private static Parsed<string> ParseName(string member, JsonElement json)
    {
        var name = json.TextOrEmpty().Trim();
        if (name.Length is 0 or > MaxName || !name.All(c => char.IsLetterOrDigit(c) || " .-_@:/()+#".Contains(c, StringComparison.Ordinal)))
            return Problems.BadRequest(ProblemCodes.InvalidName, $"{member} must be 1 to {MaxName} letters, digits, spaces and . - _ @ : / ( ) + #");
        return ReservedNames.Contains(name)
            ? Problems.BadRequest(ProblemCodes.InvalidName, "This name is reserved: the audit log uses it for a part of the service. Choose another.") : name;
    }

    private static Parsed<string[]> ParseScopes(string member, JsonElement json)
    {
        var wanted = json.ValueKind != JsonValueKind.Array ? [] : json.EnumerateArray().Select(JsonValues.TextOrEmpty).ToHashSet();
        return wanted.Count == 0 || !wanted.IsSubsetOf(Access.Scopes.All)
            ? Problems.BadRequest(ProblemCodes.InvalidScopes, $"{member} must be a list of at least one of {string.Join(", ", Access.Scopes.All)}.")
            : Access.Scopes.All.Where(wanted.Contains).ToArray();
    }

    private static Parsed<long?> ParseQuota(string member, JsonElement json) =>
        json.ValueKind == JsonValueKind.Null ? new Parsed<long?>(null)
        : json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var quota) && quota is >= 0 and <= AccessOptions.MaxQuota ? new Parsed<long?>(quota)
        : Problems.BadRequest(ProblemCodes.InvalidParameter, $"{member} must be a whole number from 0 (not limited) to {AccessOptions.MaxQuota}, or null for what the configuration says.");

    private static Parsed<DateTimeOffset?> ParseExpiry(JsonElement json, DateTimeOffset now)
    {
        if (json.ValueKind == JsonValueKind.Null)
            return new Parsed<DateTimeOffset?>(null);
        // Without an offset it would be a time of the server's zone.
        var text = json.TextOrEmpty();
        var hasOffset = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal);
        return hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at) && at > now
            ? new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero)
            : Problems.BadRequest(ProblemCodes.InvalidExpiry, "expiresAt must be a time in the future, for example 2030-01-31T12:00:00Z, or null for never.");
    }
}
