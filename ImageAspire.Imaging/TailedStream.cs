namespace ImageAspire.Imaging;

/// <summary>A stream with some bytes behind its end. Read-only; can seek; does not own the stream.</summary>
internal sealed class TailedStream(Stream inner, byte[] tail) : Stream
{
    private long _position;

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => true;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => inner.Length + tail.Length;

    /// <inheritdoc />
    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        var intoTail = _position - inner.Length;
        if (intoTail < 0)
        {
            inner.Position = _position;
            var read = inner.Read(buffer);
            _position += read;
            return read;
        }

        var left = tail.AsSpan((int)Math.Min(intoTail, tail.Length));
        var count = Math.Min(left.Length, buffer.Length);
        left[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => Length + offset,
    };

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
