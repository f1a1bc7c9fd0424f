using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Core.Webhooks;

/// <summary>
/// Secrets and signatures in the form of Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md,
/// "Signature scheme"), so that receivers can verify them with the libraries that exist.
/// </summary>
public static class WebhookSignature
{
    /// <summary>Header with the delivery's id, the same at every try: receivers tell a repetition by it.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Header with the time of this try, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Header with the signatures.</summary>
    public const string SignatureHeader = "webhook-signature";

    private const string Prefix = "whsec_";
    private const int SecretBytes = 32;

    /// <summary>A secret: <c>whsec_</c> and 32 random bytes in base64, without a plus: JSON writes that as <c>\u002B</c>, and people copy what they see.</summary>
    public static string NewSecret()
    {
        while (true)
        {
            // Every second one has none; the choice takes one bit of 256.
            var secret = Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));
            if (!secret.Contains('+', StringComparison.Ordinal))
                return secret;
        }
    }

    /// <summary>The value of <see cref="SignatureHeader"/>: <c>v1,</c> and the base64 HMAC-SHA256 of "id.timestamp.body" for each secret, separated by spaces.</summary>
    /// <param name="secrets">As <see cref="NewSecret"/> makes them.</param>
    /// <param name="id">The delivery's id; no full stop in it.</param>
    /// <param name="timestamp">Seconds since 1970.</param>
    /// <param name="body">The exact bytes that are sent.</param>
    public static string Sign(IEnumerable<string> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        byte[] content = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret =>
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), content))));
    }
}
