using System.Buffers;
using ImageAspire.Core.Images;

namespace ImageAspire.Vision.Api;

/// <summary>The bytes of a body in memory, in small pieces that are used again: bodies of all sizes would fragment the heap.</summary>
internal sealed class BodyBuffer : ReadOnlyStream
{
    private const int PieceBytes = 64 * 1024;
    private readonly List<byte[]> _pieces = [];
    private long _length;

    private BodyBuffer()
    {
    }

    public override long Length => _length;

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="source">It is not closed.</param>
    /// <param name="limit">It must have fewer bytes.</param>
    /// <param name="tooLarge">What to answer when it has more.</param>
    /// <param name="cancellationToken">Time limit.</param>
    /// <returns>Dispose of it when nothing reads it any more.</returns>
    /// <exception cref="ApiException">It has more.</exception>
    public static async Task<BodyBuffer> ReadAsync(Stream source, int limit, ApiError tooLarge, CancellationToken cancellationToken)
    {
        var buffer = new BodyBuffer();
        try
        {
            while (await source.ReadAsync(buffer.Rest(), cancellationToken) is > 0 and var read)
            {
                buffer._length += read;
                if (buffer._length >= limit)
                    throw new ApiException(tooLarge);
            }

            return buffer;
        }
        catch
        {
            await buffer.DisposeAsync();
            throw;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_pieces.Count == 0, this);
        var total = 0;
        while (buffer.Length > total && Position < _length)
        {
            var (piece, at) = Math.DivRem(Position, PieceBytes);
            var count = (int)Math.Min(Math.Min(buffer.Length - total, PieceBytes - at), _length - Position);
            _pieces[(int)piece].AsSpan((int)at, count).CopyTo(buffer[total..]);
            (total, Position) = (total + count, Position + count);
        }

        return total;
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var piece in _pieces)
            ArrayPool<byte>.Shared.Return(piece);
        _pieces.Clear();
        base.Dispose(disposing);
    }

    // Where the next bytes go: the rest of the last piece, or a new one.
    private Memory<byte> Rest()
    {
        var at = (int)(_length % PieceBytes);
        if (at == 0)
            _pieces.Add(ArrayPool<byte>.Shared.Rent(PieceBytes));
        return _pieces[^1].AsMemory(at, PieceBytes - at);
    }
}
