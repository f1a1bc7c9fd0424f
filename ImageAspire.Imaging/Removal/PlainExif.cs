namespace ImageAspire.Imaging.Removal;

/// <summary>EXIF blocks that say nothing of where, when and with what a photo was taken. Big-endian TIFF structures without the six bytes of a JPEG.</summary>
internal static class PlainExif
{
    /// <summary>One without entries.</summary>
    public static readonly byte[] Empty = [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0];

    private const int OrientationAt = 19;

    /// <summary>One with the orientation alone.</summary>
    /// <param name="orientation">1–8.</param>
    public static byte[] Of(int orientation) =>
    [
        (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, // one entry
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, // tag, SHORT, one value
        0, 0, 0, 0, // no further directory
    ];

    /// <summary>Whether the file needs one to be shown upright.</summary>
    public static bool IsNeeded(int? orientation) => orientation is >= 2 and <= 8;

    /// <summary>Whether a block is one of these, or nothing but zeros.</summary>
    public static bool Is(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith("\0\0\0\0"u8))
            block = block[4..]; // HEIF has the position of the structure before it
        if (block.StartsWith("Exif\0\0"u8))
            block = block[6..];
        if (block.TrimEnd((byte)0).IsEmpty || block.StartsWith(Empty) && block[Empty.Length..].TrimEnd((byte)0).IsEmpty)
            return true;
        return block.Length > OrientationAt && block.SequenceEqual(Of(block[OrientationAt]));
    }
}
