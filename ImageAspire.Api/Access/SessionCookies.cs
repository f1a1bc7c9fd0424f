using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageAspire.Api.Access;

/// <summary>A browser session.</summary>
/// <param name="Caller">The caller whose key or token signed in.</param>
/// <param name="Cookie">Value of its cookie.</param>
/// <param name="Until">When it expires, UTC.</param>
internal sealed record Session(Caller Caller, string Cookie, DateTimeOffset Until);

/// <summary>
/// Issues and validates session cookies. Stateless: the cookie names its key and its expiry, signed with the hash of the secret that signed in
/// and with one from the configuration. So it survives a restart, works on every instance, ends with its secret, and cannot be forged with
/// read access to the store of the keys.
/// </summary>
internal sealed class SessionCookies
{
    /// <summary>Name of the cookie.</summary>
    public const string Name = "imageaspire-session";

    /// <summary>Lifetime of a session.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Name of the caller that signed in with the token.</summary>
    public const string Gallery = "gallery";

    private readonly ApiKeyCache _keys;
    private readonly SessionLifetimes _lifetimes;
    private readonly TimeProvider _time;
    private readonly Credential? _signIn;
    private readonly byte[] _signingKey;

    public SessionCookies(AccessOptions options, ApiKeyCache keys, SessionLifetimes lifetimes, TimeProvider time)
    {
        _lifetimes = lifetimes;
        _keys = keys;
        _time = time;
        var token = options.SignInTokenSha256 is { } hash ? Convert.FromHexString(hash) : null;
        _signingKey = options.Keys.FirstOrDefault()?.Hash ?? token ?? RandomNumberGenerator.GetBytes(32);
        if (token is not null)
            _signIn = new Credential(SecretHash.Of(token), new Caller(Credentials.IdOfConfigured(Gallery), Gallery, Scopes.All, null, new ApiKeyUsage()));
    }

    /// <summary>A session cookie for the sign-in token or a key; null when the secret is neither.</summary>
    public string? Issue(string secret)
    {
        if (SecretHash.Of(secret) is not { } hash || (hash == _signIn?.Hash ? _signIn : _keys.Find(hash)) is not { } known)
            return null;
        return Sign(known, (_time.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
    }

    /// <summary>The session of a cookie; null when it is forged, expired, signed out here, or its key is no longer valid.</summary>
    public Session? Validate(string cookie)
    {
        var parts = cookie.Length > SecretHash.MaxSecretLength ? [] : cookie.Split('.');
        var now = _time.GetUtcNow();
        if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || expires < now.ToUnixTimeSeconds() || NameIn(parts[0]) is not { } name)
        {
            return null;
        }

        var sent = Encoding.UTF8.GetBytes(cookie);
        var known = _keys.Current.Named(name);
        return (name == Gallery && _signIn is not null ? known.Append(_signIn) : known)
            .FirstOrDefault(one => one.IsValid(now) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(one, expires)), sent)) is { } owner
            && !_lifetimes.IsRevoked(cookie)
            ? new Session(owner.Caller, cookie, DateTimeOffset.FromUnixTimeSeconds(expires)) : null;
    }

    private static string? NameIn(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text));
        }
        catch (FormatException)
        {
            return null; // not one of ours
        }
    }

    private string Sign(Credential known, long expires)
    {
        var payload = string.Create(CultureInfo.InvariantCulture, $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(known.Caller.Name))}.{expires}");
        var key = HMACSHA256.HashData(_signingKey, known.Hash.ToBytes());
        return $"{payload}.{WebEncoders.Base64UrlEncode(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("session." + payload)))}";
    }
}
