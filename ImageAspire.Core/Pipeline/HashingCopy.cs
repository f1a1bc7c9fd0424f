using System.Buffers;
using System.Security.Cryptography;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// A pooled buffer that is filled from a stream, counted and hashed on its way. Bytes that come slowly get a small one: a thousand
/// slow clients must not hold what only fast ones need.
/// </summary>
internal sealed class HashingCopy(TimeProvider time) : IDisposable
{
    private const int SmallBuffer = 16 * 1024;
    private const int LargeBuffer = 128 * 1024;
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private int _wanted = SmallBuffer;
    private int _filled;

    /// <summary>What the last fill brought.</summary>
    public ReadOnlyMemory<byte> Filled => _buffer.AsMemory(0, _filled);

    /// <summary>Bytes so far.</summary>
    public long Total { get; private set; }

    /// <summary>Fills the buffer as far as the stream goes: whole buffers make fewer writes, and the first one holds the whole signature.</summary>
    public async ValueTask<int> FillAsync(Stream source, CancellationToken cancellationToken)
    {
        if (_buffer.Length < _wanted || _wanted == SmallBuffer && _buffer.Length >= LargeBuffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(_wanted);
        }

        var start = time.GetTimestamp();
        _filled = await source.ReadAtLeastAsync(_buffer, _buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var took = time.GetElapsedTime(start);
        _wanted = took < Fast ? LargeBuffer : took > Slow ? SmallBuffer : _wanted;
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
