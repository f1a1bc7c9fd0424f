using ImageAspire.Core.Images;

namespace ImageAspire.Imaging;

/// <summary>A part of a stream. Read-only; can seek; does not own the stream.</summary>
internal sealed class PartialStream(Stream inner, long start, long length) : ReadOnlyStream
{
    /// <inheritdoc />
    public override long Length => length;

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        var left = Math.Clamp(length - Position, 0, buffer.Length);
        if (left == 0)
            return 0;
        inner.Position = start + Position;
        var read = inner.Read(buffer[..(int)left]);
        Position += read;
        return read;
    }
}
