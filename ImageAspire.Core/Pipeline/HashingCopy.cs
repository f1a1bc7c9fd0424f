using System.Buffers;
using System.Security.Cryptography;

namespace ImageAspire.Core.Pipeline;

/// <summary>A pooled buffer that is filled from a stream, counted and hashed on its way.</summary>
internal sealed class HashingCopy(int size) : IDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(size);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _filled;

    /// <summary>What the last fill brought.</summary>
    public ReadOnlyMemory<byte> Filled => _buffer.AsMemory(0, _filled);

    /// <summary>Bytes so far.</summary>
    public long Total { get; private set; }

    /// <summary>Fills the buffer as far as the stream goes: whole buffers make fewer writes, and the first one holds the whole signature.</summary>
    public async ValueTask<int> FillAsync(Stream source, CancellationToken cancellationToken)
    {
        _filled = await source.ReadAtLeastAsync(_buffer, _buffer.Length, throwOnEndOfStream: false, cancellationToken);
        Total += _filled;
        return _filled;
    }

    public void Hash() => _hash.AppendData(_buffer, 0, _filled);

    public string Digest() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose()
    {
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }
}
