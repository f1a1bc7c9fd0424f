using System.Security.Cryptography;

namespace ImageAspire.Core.Pipeline;

/// <summary>A buffer that is filled from a stream, counted and hashed on its way.</summary>
internal sealed class HashingCopy(TimeProvider time) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly AdaptiveBuffer _buffer = new();
    private TimeSpan? _took;
    private int _filled;

    /// <summary>What the last fill brought.</summary>
    public ReadOnlyMemory<byte> Filled => _buffer.Bytes[.._filled];

    /// <summary>Bytes so far.</summary>
    public long Total { get; private set; }

    /// <summary>Fills the buffer as far as the stream goes: whole buffers make fewer writes, and the first one holds the whole signature.</summary>
    public async ValueTask<int> FillAsync(Stream source, CancellationToken cancellationToken)
    {
        if (_took is { } took)
            _buffer.Pace(took);
        var start = time.GetTimestamp();
        _filled = await source.ReadAtLeastAsync(_buffer.Bytes, _buffer.Bytes.Length, throwOnEndOfStream: false, cancellationToken);
        _took = time.GetElapsedTime(start);
        Total += _filled;
        return _filled;
    }

    public void Hash() => _hash.AppendData(Filled.Span);

    public string Digest() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose()
    {
        _hash.Dispose();
        _buffer.Dispose();
    }
}
