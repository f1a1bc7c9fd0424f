using System.Buffers.Binary;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// The image as the decoder process sees it: requested from the Worker in pieces, so that headers cost a few kilobytes and the whole is never
/// held. Pieces grow while they are read in sequence.
/// </summary>
internal sealed class RemoteImageStream(Stream input, Stream output, byte[] window, long length) : Stream
{
    private const int MinRead = 16 << 10;
    private long _from;
    private int _count;
    private int _nextRead = MinRead;
    private long _position;

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => true;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => length;

    /// <inheritdoc />
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        if (_position >= length || buffer.IsEmpty)
            return 0;
        if (_position < _from || _position >= _from + _count)
            Fetch();
        var at = (int)(_position - _from);
        var count = Math.Min(buffer.Length, _count - at);
        window.AsSpan(at, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => length + offset,
    };

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Fetch()
    {
        _nextRead = _count > 0 && _position == _from + _count ? Math.Min(_nextRead * 4, window.Length) : Math.Min(MinRead, window.Length);
        (_from, _count) = (_position, 0);
        var count = (int)Math.Min(_nextRead, length - _position);
        Span<byte> request = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(request, _from);
        BinaryPrimitives.WriteInt32LittleEndian(request[8..], count);
        Frames.Write(output, FrameKind.Read, request);
        input.ReadExactly(window.AsSpan(0, count));
        _count = count;
    }
}
