using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageAspire.Api.Http;
using ImageAspire.Core.Access;

namespace ImageAspire.Api.Access;

/// <summary>What a caller says about an API key; what is absent stays as it is, or gets its default.</summary>
/// <param name="Name">1 to 64 letters, digits, spaces and . - _ @ : / ( ) + #; needed for a new key, and unlike those of all others.</param>
/// <param name="Scopes">read, write, operate; needed for a new key, and at most those that the caller has.</param>
/// <param name="RequestsPerSecond">Sustained rate; 0 for not limited; default 200.</param>
/// <param name="Burst">How many requests may come at once; default 400.</param>
/// <param name="ExpiresAt">When it ends by itself, with its offset from UTC; null: never.</param>
public sealed record KeyChange(
    string? Name = null, IReadOnlyList<string>? Scopes = null, int? RequestsPerSecond = null, int? Burst = null, DateTimeOffset? ExpiresAt = null)
{
    private const int MaxBody = 16 * 1024;
    private const int MaxName = 64;
    private const string Members = "name, scopes, requestsPerSecond, burst or expiresAt";

    /// <summary>Whether the key is to end never more.</summary>
    [JsonIgnore]
    internal bool NeverEnds { get; init; }

    /// <summary>Reads and checks one; the problem when it is none.</summary>
    internal static async Task<(KeyChange? Change, ProblemResult? Problem)> ReadAsync(HttpRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (json, problem) = await JsonBody.ReadObjectAsync(request, MaxBody, Members, cancellationToken);
        if (json is null)
            return (null, problem);
        using (json)
        {
            var change = new KeyChange();
            foreach (var member in json.RootElement.EnumerateObject())
            {
                (change, problem) = Read(change, member.Name, member.Value, now);
                if (problem is not null)
                    return (null, problem);
            }

            return (change, null);
        }
    }

    /// <summary>The new key.</summary>
    internal ApiKey Create(string secret, string actor, DateTimeOffset now)
    {
        var options = new KeyOptions();
        return new ApiKey
        {
            Id = Guid.CreateVersion7(now), Version = 1, Name = Name!, Scopes = Scopes!, RequestsPerSecond = RequestsPerSecond ?? options.RequestsPerSecond,
            Burst = Burst ?? options.Burst, ExpiresAt = ExpiresAt, Sha256 = ApiKeySecret.Hash(secret), Hint = ApiKeySecret.Hint(secret),
            CreatedAt = now, CreatedBy = actor,
        };
    }

    /// <summary>The key after the change, in the same version, and the members that are another now.</summary>
    internal (ApiKey After, IReadOnlyList<string> Changed) Apply(ApiKey before)
    {
        var after = before with
        {
            Name = Name ?? before.Name, Scopes = Scopes is null || Scopes.SequenceEqual(before.Scopes) ? before.Scopes : Scopes,
            RequestsPerSecond = RequestsPerSecond ?? before.RequestsPerSecond, Burst = Burst ?? before.Burst,
            ExpiresAt = NeverEnds ? null : ExpiresAt ?? before.ExpiresAt,
        };
        string?[] changed =
        [
            after.Name == before.Name ? null : "name", ReferenceEquals(after.Scopes, before.Scopes) ? null : "scopes",
            after.RequestsPerSecond == before.RequestsPerSecond ? null : "requestsPerSecond", after.Burst == before.Burst ? null : "burst",
            after.ExpiresAt == before.ExpiresAt ? null : "expiresAt",
        ];
        return (after, [.. changed.OfType<string>()]);
    }

    private static (KeyChange Change, ProblemResult? Problem) Read(KeyChange change, string name, JsonElement value, DateTimeOffset now) => name switch
    {
        "name" => ReadName(change, value),
        "scopes" => ReadScopes(change, value),
        "requestsPerSecond" => Number(value, 0) is { } rate ? (change with { RequestsPerSecond = rate }, null) : (change, BadNumber(name, 0)),
        "burst" => Number(value, 1) is { } burst ? (change with { Burst = burst }, null) : (change, BadNumber(name, 1)),
        "expiresAt" => ReadExpiry(change, value, now),
        _ => (change, Problems.BadRequest(ProblemCodes.UnknownMember, $"A key has no member of that name that can be set. Members that can be: {Members}.")),
    };

    // Letters of any script, but nothing that is invisible, turns the direction of text, or puts itself over other letters.
    private static (KeyChange Change, ProblemResult? Problem) ReadName(KeyChange change, JsonElement value)
    {
        var name = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : "";
        if (name.Length is 0 or > MaxName || !name.All(c => char.IsLetterOrDigit(c) || " .-_@:/()+#".Contains(c, StringComparison.Ordinal)))
            return (change, Problems.BadRequest(ProblemCodes.InvalidName, $"name must be 1 to {MaxName} letters, digits, spaces and . - _ @ : / ( ) + #"));
        return ReservedNames.Contains(name)
            ? (change, Problems.BadRequest(ProblemCodes.InvalidName, "That name stands for a part of the service in the audit log. Choose another."))
            : (change with { Name = name }, null);
    }

    private static (KeyChange Change, ProblemResult? Problem) ReadScopes(KeyChange change, JsonElement value)
    {
        var wanted = value.ValueKind != JsonValueKind.Array ? []
            : value.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : "").ToHashSet();
        return wanted.Count == 0 || !wanted.IsSubsetOf(Access.Scopes.All)
            ? (change, Problems.BadRequest(ProblemCodes.InvalidScopes, $"scopes must be a list of at least one of {string.Join(", ", Access.Scopes.All)}."))
            : (change with { Scopes = [.. Access.Scopes.All.Where(wanted.Contains)] }, null);
    }

    private static (KeyChange Change, ProblemResult? Problem) ReadExpiry(KeyChange change, JsonElement value, DateTimeOffset now)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return (change with { NeverEnds = true, ExpiresAt = null }, null);
        // Without an offset it would be a time of the server's zone.
        return value.ValueKind == JsonValueKind.String && value.GetString() is { } text && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal))
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at) && at > now
                ? (change with { ExpiresAt = new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero), NeverEnds = false }, null)
                : (change, Problems.BadRequest(ProblemCodes.InvalidExpiry, "expiresAt must be a time to come, for example 2030-01-31T12:00:00Z, or null for never."));
    }

    private static int? Number(JsonElement value, int least) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= AccessOptions.MaxRate ? number : null;

    private static ProblemResult BadNumber(string name, int least) =>
        Problems.BadRequest(ProblemCodes.InvalidParameter, $"{name} must be a whole number from {least} to {AccessOptions.MaxRate}.");
}
