using System.Buffers.Binary;
using ImageAspire.Core.Images;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// The image as the decoder process sees it: requested from the Worker in pieces, so that headers cost a few kilobytes and the whole is never
/// held. Pieces grow while they are read in sequence.
/// </summary>
internal sealed class RemoteImageStream(Stream input, Stream output, byte[] window, long length) : ReadOnlyStream
{
    private const int MinRead = 16 << 10;
    private long _from;
    private int _count;
    private int _nextRead = MinRead;

    /// <inheritdoc />
    public override long Length => length;

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        if (Position >= length || buffer.IsEmpty)
            return 0;
        if (Position < _from || Position >= _from + _count)
            Fetch();
        var at = (int)(Position - _from);
        var count = Math.Min(buffer.Length, _count - at);
        window.AsSpan(at, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    private void Fetch()
    {
        _nextRead = _count > 0 && Position == _from + _count ? Math.Min(_nextRead * 4, window.Length) : Math.Min(MinRead, window.Length);
        (_from, _count) = (Position, 0);
        var count = (int)Math.Min(_nextRead, length - Position);
        Span<byte> request = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(request, _from);
        BinaryPrimitives.WriteInt32LittleEndian(request[8..], count);
        Frames.Write(output, FrameKind.Read, request);
        input.ReadExactly(window.AsSpan(0, count));
        _count = count;
    }
}
