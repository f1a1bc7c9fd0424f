using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Core.Access;

/// <summary>Secrets of API keys.</summary>
public static class ApiKeySecret
{
    /// <summary>What every secret begins with, so that a scanner for leaked secrets knows one when it sees it.</summary>
    public const string Prefix = "ia_";

    private const int Bytes = 32;
    private const int HintLength = 7;

    /// <summary>A new secret of 256 random bits. It cannot be guessed, so a fast hash protects it as well as a slow one.</summary>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>SHA-256 of a secret, 64 hexadecimal digits in lower case.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>The prefix and four characters: 24 of its 256 bits.</summary>
    public static string Hint(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret[..Math.Min(HintLength, secret.Length)];
    }
}
