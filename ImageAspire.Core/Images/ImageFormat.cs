namespace ImageAspire.Core.Images;

/// <summary>An accepted image format, known by the first bytes of a file and never by its name or declared type.</summary>
/// <param name="Name">Lower-case short name, also the usual file extension: <c>jpeg</c>, <c>png</c>, …</param>
/// <param name="ContentType">The registered media type (IANA).</param>
public sealed record ImageFormat(string Name, string ContentType)
{
    /// <summary>How many leading bytes <see cref="Sniff"/> needs to recognise every format.</summary>
    public const int SniffLength = 64;

    /// <summary>JPEG (ITU-T T.81).</summary>
    public static readonly ImageFormat Jpeg = new("jpeg", "image/jpeg");

    /// <summary>PNG (W3C).</summary>
    public static readonly ImageFormat Png = new("png", "image/png");

    /// <summary>WebP (RFC 9649).</summary>
    public static readonly ImageFormat Webp = new("webp", "image/webp");

    /// <summary>GIF 87a and 89a.</summary>
    public static readonly ImageFormat Gif = new("gif", "image/gif");

    /// <summary>TIFF 6.0 and BigTIFF.</summary>
    public static readonly ImageFormat Tiff = new("tiff", "image/tiff");

    /// <summary>Windows bitmap.</summary>
    public static readonly ImageFormat Bmp = new("bmp", "image/bmp");

    /// <summary>AVIF (AV1 in HEIF).</summary>
    public static readonly ImageFormat Avif = new("avif", "image/avif");

    /// <summary>Every accepted format.</summary>
    public static readonly IReadOnlyList<ImageFormat> All = [Jpeg, Png, Webp, Gif, Tiff, Bmp, Avif];

    /// <summary>Recognises a format by its signature; null when the bytes are none of the accepted formats.</summary>
    /// <param name="head">The first bytes of the file; <see cref="SniffLength"/> of them are enough.</param>
    public static ImageFormat? Sniff(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => Webp,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => Gif,
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => Tiff,
        // A BMP's two letters are too few: the DIB header size (offset 14) must be a known one as well.
        [(byte)'B', (byte)'M', _, _, _, _, _, _, _, _, _, _, _, _, 12 or 40 or 52 or 56 or 64 or 108 or 124, 0, 0, 0, ..] => Bmp,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] when HasAvifBrand(head) => Avif,
        _ => null,
    };

    // ISO/IEC 14496-12 §4.3: size, 'ftyp', major brand, minor version, then compatible brands of four bytes each.
    private static bool HasAvifBrand(ReadOnlySpan<byte> head)
    {
        for (var at = 8; at + 4 <= head.Length; at += at == 8 ? 8 : 4)
        {
            var brand = head.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
                return true;
        }

        return false;
    }
}
