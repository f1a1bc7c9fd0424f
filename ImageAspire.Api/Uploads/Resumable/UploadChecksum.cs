using System.Security.Cryptography;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>The checksum that a client sends with a chunk: <c>sha256 base64</c>.</summary>
internal sealed class UploadChecksum : IDisposable
{
    /// <summary>What is known here; the protocol demands sha1. They find faults of the way, not forgers.</summary>
    public static readonly IReadOnlyDictionary<string, HashAlgorithmName> Algorithms = new Dictionary<string, HashAlgorithmName>(StringComparer.Ordinal)
    {
        ["sha1"] = HashAlgorithmName.SHA1, ["sha256"] = HashAlgorithmName.SHA256, ["md5"] = HashAlgorithmName.MD5,
    };

    private readonly byte[] _expected;
    private readonly IncrementalHash _hash;

    private UploadChecksum(byte[] expected, HashAlgorithmName algorithm) => (_expected, _hash) = (expected, IncrementalHash.CreateHash(algorithm));

    /// <summary>Reads the header; null when it is malformed or the algorithm is not known.</summary>
    public static UploadChecksum? Parse(string header)
    {
        var parts = header.Split(' ');
        if (parts.Length != 2 || !Algorithms.TryGetValue(parts[0], out var algorithm))
            return null;
        var bytes = new byte[parts[1].Length];
        return Convert.TryFromBase64String(parts[1], bytes, out var length) && length > 0 ? new UploadChecksum(bytes[..length], algorithm) : null;
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>Whether the bytes are those that were sent.</summary>
    public bool IsRight() => _hash.GetHashAndReset().AsSpan().SequenceEqual(_expected);

    public void Dispose() => _hash.Dispose();
}
