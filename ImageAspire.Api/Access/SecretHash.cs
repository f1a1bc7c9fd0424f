using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Api.Access;

/// <summary>
/// SHA-256 of a secret, as the key of a dictionary. A look-up by hash leaks no usable timing: it could only reveal how the hash of a guess begins,
/// and an attacker cannot choose secrets by their hash.
/// </summary>
internal readonly record struct SecretHash(ulong A, ulong B, ulong C, ulong D)
{
    private const int MaxSecretBytes = 2048;

    /// <summary>The longest accepted secret, in characters.</summary>
    public const int MaxSecretLength = 512;

    /// <summary>The hash of a secret; null when it is empty or longer than any valid one.</summary>
    public static SecretHash? Of(string secret)
    {
        if (secret.Length is 0 or > MaxSecretLength)
            return null;
        Span<byte> text = stackalloc byte[MaxSecretBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(secret, text)], hash);
        return Of(hash);
    }

    /// <summary>The hash in 32 bytes.</summary>
    public static SecretHash Of(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]), BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));

    /// <summary>The 32 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), D);
        return bytes;
    }

    /// <summary>Never the hash: this text may end up in a log.</summary>
    public override string ToString() => "hash of a secret";
}
