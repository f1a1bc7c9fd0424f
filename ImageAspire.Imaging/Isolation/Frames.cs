using System.Buffers.Binary;

namespace ImageAspire.Imaging.Isolation;

/// <summary>What a frame between the Worker and a decoder is about.</summary>
internal enum FrameKind : byte
{
    /// <summary>Both: settings of the decoder; who answers. JSON.</summary>
    Hello = 1,

    /// <summary>To the decoder: read headers. JSON.</summary>
    Probe = 2,

    /// <summary>To the decoder: decode. JSON.</summary>
    Render = 3,

    /// <summary>From the decoder: give me these bytes of the picture (offset 64 bits, count 32 bits, little-endian). Answered with as many raw bytes.</summary>
    Read = 4,

    /// <summary>From the decoder: headers. JSON.</summary>
    Header = 5,

    /// <summary>From the decoder: everything that was made. Length of the JSON (32 bits), JSON, thumbnails one after the other.</summary>
    Rendered = 6,

    /// <summary>From the decoder: no usable picture, code and reason. JSON.</summary>
    Refused = 7,

    /// <summary>From the decoder: an error nobody foresaw. JSON.</summary>
    Failed = 8,
}

/// <summary>One byte for the kind, the length in 32 bits, little-endian, then the content. Lengths are bounded on both sides.</summary>
internal static class Frames
{
    /// <summary>Longest content: four thumbnails of at most 1024 × 1024 pixels, with room to spare.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Most bytes of the picture that one <see cref="FrameKind.Read"/> may ask for.</summary>
    public const int MaxRead = 256 << 10;

    private const int HeadBytes = 5;

    /// <summary>Writes one frame.</summary>
    public static void Write(Stream stream, FrameKind kind, ReadOnlySpan<byte> content)
    {
        var frame = new byte[HeadBytes + content.Length];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), content.Length);
        content.CopyTo(frame.AsSpan(HeadBytes));
        stream.Write(frame);
        stream.Flush();
    }

    /// <summary>Reads one frame.</summary>
    /// <exception cref="EndOfStreamException">The other side is gone.</exception>
    /// <exception cref="InvalidDataException">What came is not a frame.</exception>
    public static (FrameKind Kind, byte[] Content) Read(Stream stream)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        stream.ReadExactly(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
        if (head[0] is 0 or > (byte)FrameKind.Failed || length is < 0 or > MaxBytes)
            throw new InvalidDataException($"A frame of kind {head[0]} and length {length}.");
        var content = new byte[length];
        stream.ReadExactly(content);
        return ((FrameKind)head[0], content);
    }
}
