using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ImageAspire.Core.Auditing;

/// <summary>
/// The hash chain of the audit log: the hash of an entry covers its number, everything that is stored about it, and the hash of the entry
/// before it.
/// </summary>
public static class AuditChain
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>Stands for the hash before the first entry: zeros.</summary>
    public static ReadOnlySpan<byte> Start => new byte[HashBytes];

    /// <summary>The hash of an entry.</summary>
    /// <param name="previous">The hash of the entry before it; <see cref="Start"/> for the first.</param>
    /// <param name="number">Number of the entry, from 1, without gaps.</param>
    /// <param name="fields">What is stored about it, always in the same order; null is absent, which is not the same as empty.</param>
    /// <returns>
    /// The SHA-256 of <paramref name="previous"/>, of the number (64 bits, big-endian), and of each field: its length (32 bits, big-endian;
    /// -1 for null), then its bytes. So no two entries have the same input.
    /// </returns>
    public static byte[] Link(ReadOnlySpan<byte> previous, long number, params ReadOnlySpan<byte[]?> fields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> figure = stackalloc byte[sizeof(long)];
        hash.AppendData(previous);
        BinaryPrimitives.WriteInt64BigEndian(figure, number);
        hash.AppendData(figure);
        foreach (var field in fields)
        {
            BinaryPrimitives.WriteInt32BigEndian(figure, field?.Length ?? -1);
            hash.AppendData(figure[..sizeof(int)]);
            hash.AppendData(field ?? []);
        }

        return hash.GetHashAndReset();
    }
}
