namespace ImageAspire.Imaging.Headers;

/// <summary>A picture of an icon.</summary>
/// <param name="EntryAt">Where the table describes it.</param>
/// <param name="At">Where it is.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Width">Pixels, as the picture itself says: the table has one byte for it.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Bits">Of a pixel, as the table says.</param>
/// <param name="IsPng">Else it is a bitmap without the header of a file.</param>
internal sealed record IcoPicture(long EntryAt, long At, long Length, long Width, long Height, int Bits, bool IsPng)
{
    /// <summary>For the checks that all formats share.</summary>
    public RawHeader Size => new(Width, Height);
}

/// <summary>The table of a Windows icon: the same picture in several sizes.</summary>
internal static class IcoHeader
{
    public const int TableAt = 6, EntrySize = 16;

    private const int MaxPictures = 256, LeastPicture = 40;

    public static RawHeader Read(Bytes file) => Largest(file).Size;

    /// <summary>The largest picture that is all there, and of these the one with the most colours.</summary>
    public static IcoPicture Largest(Bytes file)
    {
        IcoPicture? largest = null;
        var endsEarly = false;
        for (var i = 0; i < Math.Min(file.U16(4, big: false), MaxPictures); i++)
        {
            var entry = TableAt + i * EntrySize;
            long length = file.U32(entry + 8, big: false), at = file.U32(entry + 12, big: false);
            if (length > file.Length - at)
                endsEarly = true;
            else if (length >= LeastPicture && Describe(file, entry, at, length) is var one && (largest is null || (one.Width * one.Height, one.Bits).CompareTo((largest.Width * largest.Height, largest.Bits)) > 0))
                largest = one;
        }

        return largest ?? throw (endsEarly ? BrokenImage.Truncated() : HeaderReader.Broken());
    }

    // A bitmap's height counts the mask behind it as well.
    private static IcoPicture Describe(Bytes file, long entry, long at, long length) => file.Has(at, [0x89, (byte)'P', (byte)'N', (byte)'G'])
        ? new(entry, at, length, file.U32(at + 16, big: true), file.U32(at + 20, big: true), 32, IsPng: true)
        : new(entry, at, length, file.U32(at + 4, big: false), file.U32(at + 8, big: false) / 2, file.U16(entry + 6, big: false), IsPng: false);
}
