using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageAspire.Api.Access;

/// <summary>Recognises keys and sessions. Secrets are compared as hashes, in constant time, against every key there is.</summary>
internal sealed class KeyRing : IDisposable
{
    /// <summary>How long a browser stays signed in.</summary>
    public static readonly TimeSpan SessionTime = TimeSpan.FromHours(12);

    private const string Gallery = "gallery";
    private const int MaxSecretLength = 512;
    private readonly List<(byte[] Hash, Caller Caller)> _keys = [];
    private readonly (byte[] Hash, Caller Caller)? _signIn;
    private readonly TimeProvider _time;

    public KeyRing(AccessOptions options, TimeProvider time)
    {
        _time = time;
        foreach (var key in options.Keys)
            _keys.Add((key.Hash, new Caller(key.Name, key.ScopeNames, Limiter(key), key.RequestsPerSecond)));
        if (options.SignInTokenSha256 is { } token)
            _signIn = (Convert.FromHexString(token), new Caller(Gallery, Scopes.All, null, 0));
    }

    /// <summary>The owner of an API key; null when it is nobody's.</summary>
    public Caller? OfKey(string key)
    {
        if (key.Length is 0 or > MaxSecretLength)
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        Caller? found = null;
        foreach (var (known, caller) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = caller; // no early end
        }

        return found;
    }

    /// <summary>A session cookie for whoever knows the sign-in token or a key; null when it is neither.</summary>
    public string? SignIn(string secret)
    {
        if (secret.Length is 0 or > MaxSecretLength)
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        foreach (var (known, caller) in Secrets())
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                return Seal(known, caller.Name, (_time.GetUtcNow() + SessionTime).ToUnixTimeSeconds());
        }

        return null;
    }

    /// <summary>The caller that a session cookie stands for; null when it is forged, expired, or its key is gone.</summary>
    public Caller? OfSession(string cookie)
    {
        var parts = cookie.Length > MaxSecretLength ? [] : cookie.Split('.');
        if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || expires < _time.GetUtcNow().ToUnixTimeSeconds())
        {
            return null;
        }

        var sent = Encoding.UTF8.GetBytes(cookie);
        foreach (var (known, caller) in Secrets())
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Seal(known, caller.Name, expires)), sent))
                return caller;
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var (_, caller) in _keys)
            caller.Limiter?.Dispose();
    }

    private IEnumerable<(byte[] Hash, Caller Caller)> Secrets() => _signIn is { } signIn ? _keys.Append(signIn) : _keys;

    // Stateless: the seal is made with the hash of the secret that opened the session, so it survives a restart, and ends with the secret.
    private static string Seal(byte[] secretHash, string name, long expires)
    {
        var payload = string.Create(CultureInfo.InvariantCulture, $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(name))}.{expires}");
        var seal = HMACSHA256.HashData(secretHash, Encoding.UTF8.GetBytes("session." + payload));
        return $"{payload}.{WebEncoders.Base64UrlEncode(seal)}";
    }

    private static TokenBucketRateLimiter? Limiter(KeyOptions key)
    {
        if (key.RequestsPerSecond == 0)
            return null;
        var often = key.RequestsPerSecond >= 10;
        return new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = key.Burst, QueueLimit = 0, AutoReplenishment = true,
            ReplenishmentPeriod = TimeSpan.FromMilliseconds(often ? 100 : 1000), TokensPerPeriod = often ? key.RequestsPerSecond / 10 : key.RequestsPerSecond,
        });
    }
}
