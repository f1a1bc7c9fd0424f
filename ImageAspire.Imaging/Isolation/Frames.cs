using System.Buffers.Binary;

namespace ImageAspire.Imaging.Isolation;

/// <summary>Kinds of frames between the Worker and a decoder process.</summary>
internal enum FrameKind : byte
{
    /// <summary>Both directions: settings of the decoder; the codec that it found. JSON.</summary>
    Hello = 1,

    /// <summary>To the decoder: the one request, about one image. JSON.</summary>
    Inspect = 2,

    /// <summary>From the decoder: a request for bytes of the image (offset 64 bits, count 32 bits, little-endian). The answer is that many raw bytes.</summary>
    Read = 3,

    /// <summary>From the decoder: header, and everything made of the image. Length of the JSON (32 bits), JSON, then the thumbnails.</summary>
    Inspected = 4,

    /// <summary>From the decoder: the image is unusable; code and reason. JSON.</summary>
    Refused = 5,

    /// <summary>From the decoder: an unexpected exception. JSON.</summary>
    Failed = 6,

    /// <summary>From the decoder: the image's width and height, width and height of the pixels that follow (each 32 bits, little-endian), red, green, blue of each.</summary>
    Pixels = 7,
}

/// <summary>One message between the Worker and a decoder process.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">At most <see cref="Frames.MaxBytes"/>.</param>
internal readonly record struct Frame(FrameKind Kind, byte[] Content);

/// <summary>Framing: one byte for the kind, the length in 32 bits, little-endian, then the content. Both sides bound the length.</summary>
internal static class Frames
{
    /// <summary>Longest content: six thumbnails of at most 2048 × 2048 pixels, with some margin.</summary>
    public const int MaxBytes = 32 << 20;

    /// <summary>Most bytes of the image that one <see cref="FrameKind.Read"/> may request.</summary>
    public const int MaxRead = 256 << 10;

    private const int HeadBytes = 5;

    public static void Write(Stream stream, FrameKind kind, ReadOnlySpan<byte> content)
    {
        var frame = new byte[HeadBytes + content.Length];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), content.Length);
        content.CopyTo(frame.AsSpan(HeadBytes));
        stream.Write(frame);
        stream.Flush();
    }

    /// <exception cref="EndOfStreamException">The other side has closed the stream.</exception>
    /// <exception cref="InvalidDataException">The bytes are not a frame.</exception>
    public static Frame Read(Stream stream)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        stream.ReadExactly(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
        if (head[0] is 0 or > (byte)FrameKind.Failed || length is < 0 or > MaxBytes)
            throw new InvalidDataException($"A frame of kind {head[0]} and length {length}.");
        var content = new byte[length];
        stream.ReadExactly(content);
        return new Frame((FrameKind)head[0], content);
    }
}
