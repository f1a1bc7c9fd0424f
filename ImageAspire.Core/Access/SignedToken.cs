using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Core.Access;

/// <summary>
/// A session or a sign-in link: which API key it acts for, and until when. As text it is <c>NAME.EXPIRY.ID.SIGNATURE</c>: readable, and
/// authenticated with HMAC-SHA256.
/// </summary>
/// <param name="KeyName">Name of the API key.</param>
/// <param name="Id">Random: no two tokens are equal, and one can be refused without the others.</param>
/// <param name="Until">When it expires, UTC, in whole seconds.</param>
public sealed record SignedToken(string KeyName, Guid Id, DateTimeOffset Until)
{
    /// <summary>Purpose of the cookie of a session.</summary>
    public const string Session = "session";

    /// <summary>Purpose of the token in a sign-in link.</summary>
    public const string SignIn = "sign-in";

    /// <summary>The longest text that is read, in characters.</summary>
    public const int MaxLength = 512;

    /// <summary>The signing key of an API key. It ends with the secret, and cannot be derived from the store of the keys alone.</summary>
    /// <param name="configured">SHA-256 of the first configured API key, which no store contains.</param>
    /// <param name="secretSha256">SHA-256 of the secret of the API key that the token acts for.</param>
    public static byte[] SigningKey(ReadOnlySpan<byte> configured, ReadOnlySpan<byte> secretSha256) => HMACSHA256.HashData(configured, secretSha256);

    /// <summary>A new token.</summary>
    public static SignedToken Create(string keyName, DateTimeOffset until) =>
        new(keyName, Guid.NewGuid(), DateTimeOffset.FromUnixTimeSeconds(until.ToUnixTimeSeconds()));

    /// <summary>Reads a text without verifying its signature; null when it is none of ours.</summary>
    public static SignedToken? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength || text.Split('.') is not [var name, var expiry, var id, _] || !Base64Url.IsValid(name)
            || !long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || !Guid.TryParseExact(id, "N", out var guid))
        {
            return null;
        }

        return new SignedToken(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(name)), guid, DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    /// <summary>The text. A token of one purpose is worth nothing for another.</summary>
    public string Sign(string purpose, ReadOnlySpan<byte> signingKey)
    {
        var payload = string.Create(CultureInfo.InvariantCulture, $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(KeyName))}.{Until.ToUnixTimeSeconds()}.{Id:N}");
        return $"{payload}.{Base64Url.EncodeToString(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes($"{purpose}.{payload}")))}";
    }

    /// <summary>Whether a text is this token, signed for this purpose with this key; compares in constant time.</summary>
    public bool IsSigned(string text, string purpose, ReadOnlySpan<byte> signingKey) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(purpose, signingKey)), Encoding.UTF8.GetBytes(text));
}
