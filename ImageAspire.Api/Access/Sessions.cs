using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageAspire.Api.Access;

/// <summary>A browser that is signed in.</summary>
/// <param name="Caller">Whose key or token opened it.</param>
/// <param name="Cookie">Its cookie.</param>
/// <param name="Until">When it ends by itself, UTC.</param>
internal sealed record Session(Caller Caller, string Cookie, DateTimeOffset Until);

/// <summary>
/// Sessions of browsers. Nothing is kept: the cookie names its key and its end, sealed with the hash of the secret that opened it and
/// with one from the configuration. So it survives a restart, is good in every instance, ends with its secret, and cannot be forged by
/// somebody who can read the store of the keys.
/// </summary>
internal sealed class Sessions
{
    /// <summary>How long a browser stays signed in.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromHours(12);

    /// <summary>Name of who signed in by the token.</summary>
    public const string Gallery = "gallery";

    private readonly KeyRing _keys;
    private readonly SessionEnds _ends;
    private readonly TimeProvider _time;
    private readonly Credential? _signIn;
    private readonly byte[] _seal;

    public Sessions(AccessOptions options, KeyRing keys, SessionEnds ends, TimeProvider time)
    {
        _ends = ends;
        _keys = keys;
        _time = time;
        var token = options.SignInTokenSha256 is { } hash ? Convert.FromHexString(hash) : null;
        _seal = options.Keys.FirstOrDefault()?.Hash ?? token ?? RandomNumberGenerator.GetBytes(32);
        if (token is not null)
            _signIn = new Credential(KeyHash.Of(token), new Caller(Credentials.IdOfConfigured(Gallery), Gallery, Scopes.All, null, new KeyUse()));
    }

    /// <summary>A session cookie for whoever knows the sign-in token or a key; null when it is neither.</summary>
    public string? Open(string secret)
    {
        if (KeyHash.Of(secret) is not { } hash || (hash == _signIn?.Hash ? _signIn : _keys.Find(hash)) is not { } known)
            return null;
        return Seal(known, (_time.GetUtcNow() + Time).ToUnixTimeSeconds());
    }

    /// <summary>The session that a cookie stands for; null when it is forged, over, signed out here, or its key is gone.</summary>
    public Session? Find(string cookie)
    {
        var parts = cookie.Length > KeyHash.MaxSecretLength ? [] : cookie.Split('.');
        var now = _time.GetUtcNow();
        if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || expires < now.ToUnixTimeSeconds() || NameIn(parts[0]) is not { } name)
        {
            return null;
        }

        var sent = Encoding.UTF8.GetBytes(cookie);
        var known = _keys.Current.Named(name);
        return (name == Gallery && _signIn is not null ? known.Append(_signIn) : known)
            .FirstOrDefault(one => one.IsGood(now) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Seal(one, expires)), sent)) is { } owner
            && !_ends.IsOver(cookie)
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
            return null; // not made by us
        }
    }

    private string Seal(Credential known, long expires)
    {
        var payload = string.Create(CultureInfo.InvariantCulture, $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(known.Caller.Name))}.{expires}");
        var key = HMACSHA256.HashData(_seal, known.Hash.ToBytes());
        return $"{payload}.{WebEncoders.Base64UrlEncode(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("session." + payload)))}";
    }
}
