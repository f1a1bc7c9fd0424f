using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Vision.Api;

/// <summary>The key of the service. Only its hash is kept, and comparisons take the same time whatever the guess.</summary>
internal sealed class VisionKey(string key)
{
    /// <summary>The header that has it.</summary>
    public const string Header = "Ocp-Apim-Subscription-Key";

    private readonly byte[] _hash = HashOf(key);

    /// <summary>Whether a request has the key.</summary>
    /// <param name="given">As in its header; null without one.</param>
    public bool Is(string? given) => CryptographicOperations.FixedTimeEquals(HashOf(given ?? ""), _hash);

    /// <summary>Never the hash: this text may end up in a log.</summary>
    public override string ToString() => "key of the vision service";

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
