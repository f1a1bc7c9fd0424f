using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Dashboard.Api;

/// <summary>A key of which only the hash is known.</summary>
internal sealed class KeyHash
{
    private readonly byte[] _hash;

    /// <param name="sha256">Its SHA-256, in 64 hexadecimal digits.</param>
    /// <exception cref="ArgumentException">That is something else.</exception>
    public KeyHash(string sha256)
    {
        if (sha256 is not { Length: 2 * SHA256.HashSizeInBytes } || !sha256.All(char.IsAsciiHexDigit))
            throw new ArgumentException("A key is given as its SHA-256 in 64 hexadecimal digits.", nameof(sha256));
        _hash = Convert.FromHexString(sha256);
    }

    /// <summary>Whether this is the key. It takes as long whatever is wrong with it.</summary>
    public bool IsOf(string? key) => CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(key ?? "")));
}
