using ImageAspire.Core.Images;

namespace ImageAspire.Imaging;

/// <summary>A stream with some bytes behind its end. Read-only; can seek; does not own the stream.</summary>
internal sealed class TailedStream(Stream inner, byte[] tail) : ReadOnlyStream
{
    /// <inheritdoc />
    public override long Length => inner.Length + tail.Length;

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        var intoTail = Position - inner.Length;
        if (intoTail < 0)
        {
            inner.Position = Position;
            var read = inner.Read(buffer);
            Position += read;
            return read;
        }

        var left = tail.AsSpan((int)Math.Min(intoTail, tail.Length));
        var count = Math.Min(left.Length, buffer.Length);
        left[..count].CopyTo(buffer);
        Position += count;
        return count;
    }
}
