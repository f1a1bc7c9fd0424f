using System.Buffers;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// A pooled buffer for bytes of a client: 16 KiB, and 128 KiB for as long as they come fast. A thousand slow clients must not hold what only
/// fast ones need.
/// </summary>
public sealed class AdaptiveBuffer : IDisposable
{
    private const int Small = 16 * 1024;
    private const int Large = 128 * 1024;
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Small);

    /// <summary>The buffer; another one after <see cref="Pace"/>.</summary>
    public Memory<byte> Bytes => _bytes;

    /// <summary>Chooses the size for what comes next; what is in the buffer is given up.</summary>
    /// <param name="took">How long it took to fill.</param>
    public void Pace(TimeSpan took)
    {
        var wanted = took < Fast ? Large : took > Slow ? Small : _bytes.Length;
        if (_bytes.Length >= wanted && _bytes.Length < 2 * wanted)
            return;
        var before = _bytes;
        _bytes = ArrayPool<byte>.Shared.Rent(wanted);
        ArrayPool<byte>.Shared.Return(before);
    }

    /// <summary>Gives it back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
