using System.Security.Cryptography;
using System.Text;
using ImageAspire.Core.Access;

namespace ImageAspire.Api.Access;

/// <summary>A secret and its caller.</summary>
/// <param name="Hash">Hash of the secret.</param>
/// <param name="Caller">The caller that it authenticates.</param>
/// <param name="Until">Until when it is valid, UTC; null for ever.</param>
/// <param name="IsRevoked">Its key was revoked; it is kept so that the response can name the reason.</param>
internal sealed record Credential(SecretHash Hash, Caller Caller, DateTimeOffset? Until = null, bool IsRevoked = false)
{
    public bool IsValid(DateTimeOffset now) => !IsRevoked && !(Until <= now);
}

/// <summary>All secrets at one moment; immutable, replaced as a whole.</summary>
internal sealed class Credentials
{
    private readonly AccessOptions _options;
    private readonly Dictionary<SecretHash, Credential> _byHash = [];
    private readonly Dictionary<string, List<Credential>> _byName = [];

    /// <summary>Combines the configured keys with those of the store.</summary>
    /// <param name="configured">Configured keys.</param>
    /// <param name="keys">Keys of the store.</param>
    /// <param name="before">The previous credentials: unchanged keys keep caller and usage.</param>
    /// <param name="options">The quota of keys that have none.</param>
    public Credentials(IEnumerable<Credential> configured, IEnumerable<ApiKey> keys, Credentials? before, AccessOptions options)
    {
        _options = options;
        foreach (var credential in configured)
            Add(credential);
        var known = (before?.All ?? []).DistinctBy(one => one.Caller.Id).ToDictionary(one => one.Caller.Id, one => one.Caller);
        foreach (var key in keys)
            Add(key, known.GetValueOrDefault(key.Id), before);
    }

    public IEnumerable<Credential> All => _byHash.Values;

    public Credential? Find(SecretHash hash) => _byHash.GetValueOrDefault(hash);

    public IEnumerable<Credential> Named(string name) => _byName.GetValueOrDefault(name) ?? [];

    /// <summary>The id of a configured key, the same in every process: a UUIDv8 derived from its name.</summary>
    public static Guid IdOfConfigured(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes("configured key " + name))[..16];
        bytes[6] = (byte)(bytes[6] & 0x0f | 0x80);
        bytes[8] = (byte)(bytes[8] & 0x3f | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private void Add(ApiKey key, Caller? known, Credentials? before)
    {
        var limit = RateLimit.Of(key.RequestsPerSecond, key.Burst);
        var usage = known?.Usage ?? new ApiKeyUsage();
        var quota = _options.QuotaOf(key.QuotaBytes);
        Add(key.Sha256, key.ExpiresAt);
        if (key.PreviousSha256 is { } previous)
            Add(previous, key.ExpiresAt < key.PreviousUntil ? key.ExpiresAt : key.PreviousUntil);

        void Add(string sha256, DateTimeOffset? until)
        {
            var hash = SecretHash.Of(Convert.FromHexString(sha256));
            var caller = before?.Find(hash)?.Caller is { } same && same.Name == key.Name && same.Limit == limit && same.QuotaBytes == quota && same.Scopes.SequenceEqual(key.Scopes)
                ? same : new Caller(key.Id, key.Name, key.Scopes, limit, usage, quota);
            this.Add(new Credential(hash, caller, until, key.RevokedAt is not null));
        }
    }

    private void Add(Credential credential)
    {
        if (!_byHash.TryAdd(credential.Hash, credential))
            return; // configured keys take precedence
        if (!_byName.TryGetValue(credential.Caller.Name, out var sameName))
            _byName.Add(credential.Caller.Name, sameName = []);
        sameName.Add(credential);
    }
}
