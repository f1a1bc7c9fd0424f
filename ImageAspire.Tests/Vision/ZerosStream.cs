using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Vision;

/// <summary>So many zeros, without a length.</summary>
internal sealed class ZerosStream(long bytes) : ReadOnlyStream
{
    public override long Length => throw new NotSupportedException();

    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, bytes - Position);
        buffer[..count].Clear();
        Position += count;
        return count;
    }
}
