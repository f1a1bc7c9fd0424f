namespace ImageAspire.Core.Images;

/// <summary>An accepted image format, known by the first bytes of a file and never by its name or declared type.</summary>
/// <param name="Name">Lower-case short name, also the usual file extension: <c>jpeg</c>, <c>png</c>, …</param>
/// <param name="ContentType">The media type: the registered one (IANA) where there is one, else the usual one.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Extensions">Usual file extensions, lower case, without the dot; the first is the most usual one.</param>
/// <param name="IsShownByBrowsers">Whether current browsers show the original.</param>
public sealed record ImageFormat(string Name, string ContentType, string Label, IReadOnlyList<string> Extensions, bool IsShownByBrowsers = true)
{
    /// <summary>How many leading bytes <see cref="Sniff"/> needs to recognise every format.</summary>
    public const int SniffLength = 64;

    /// <summary>JPEG (ITU-T T.81).</summary>
    public static readonly ImageFormat Jpeg = new("jpeg", "image/jpeg", "JPEG", ["jpg", "jpeg", "jfif"]);

    /// <summary>PNG (W3C).</summary>
    public static readonly ImageFormat Png = new("png", "image/png", "PNG", ["png"]);

    /// <summary>WebP (RFC 9649).</summary>
    public static readonly ImageFormat Webp = new("webp", "image/webp", "WebP", ["webp"]);

    /// <summary>GIF 87a and 89a.</summary>
    public static readonly ImageFormat Gif = new("gif", "image/gif", "GIF", ["gif"]);

    /// <summary>TIFF 6.0 and BigTIFF, and the raw files of cameras that are one. Their first bytes are the same: which of them a file is shows when it is inspected.</summary>
    public static readonly ImageFormat Tiff = new("tiff", "image/tiff", "TIFF", ["tif", "tiff", "dng", "cr2", "nef", "arw"], IsShownByBrowsers: false);

    /// <summary>Windows bitmap.</summary>
    public static readonly ImageFormat Bmp = new("bmp", "image/bmp", "BMP", ["bmp"]);

    /// <summary>AVIF (AV1 in HEIF).</summary>
    public static readonly ImageFormat Avif = new("avif", "image/avif", "AVIF", ["avif"]);

    /// <summary>HEIC: HEVC in HEIF, as phones write it.</summary>
    public static readonly ImageFormat Heic = new("heic", "image/heic", "HEIC", ["heic", "heif", "hif"], IsShownByBrowsers: false);

    /// <summary>JPEG XL (ISO/IEC 18181), as a codestream or in a container.</summary>
    public static readonly ImageFormat Jxl = new("jxl", "image/jxl", "JPEG XL", ["jxl"], IsShownByBrowsers: false);

    /// <summary>JPEG 2000 (ITU-T T.800), as a codestream or in a JP2 file.</summary>
    public static readonly ImageFormat Jp2 = new("jp2", "image/jp2", "JPEG 2000", ["jp2", "j2k", "jpf", "jpx"], IsShownByBrowsers: false);

    /// <summary>Photoshop; its flattened image.</summary>
    public static readonly ImageFormat Psd = new("psd", "image/vnd.adobe.photoshop", "Photoshop", ["psd"], IsShownByBrowsers: false);

    /// <summary>Windows icon; the largest picture in it.</summary>
    public static readonly ImageFormat Ico = new("ico", "image/vnd.microsoft.icon", "ICO", ["ico"]);

    /// <summary>PBM, PGM, PPM and PAM (Netpbm), as text or binary.</summary>
    public static readonly ImageFormat Pnm = new("pnm", "image/x-portable-anymap", "PNM", ["ppm", "pgm", "pbm", "pnm", "pam"], IsShownByBrowsers: false);

    /// <summary>QOI.</summary>
    public static readonly ImageFormat Qoi = new("qoi", "image/qoi", "QOI", ["qoi"], IsShownByBrowsers: false);

    /// <summary>Every accepted format.</summary>
    public static readonly IReadOnlyList<ImageFormat> All = [Jpeg, Png, Webp, Gif, Tiff, Bmp, Avif, Heic, Jxl, Jp2, Psd, Ico, Pnm, Qoi];

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
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => HasBrand(head, AvifBrands) ? Avif : HasBrand(head, HeicBrands) ? Heic : null,
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 0x0D, 0x0A, 0x87, 0x0A, ..] => Jxl,
        [0xFF, 0x4F, 0xFF, 0x51, ..] or [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', 0x0D, 0x0A, 0x87, 0x0A, ..] => Jp2,
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', 0, 1, ..] => Psd,
        // Three bytes are too few: a picture must follow; its reserved byte is 0, or 255 from .NET.
        [0, 0, 1, 0, > 0, _, _, _, _, 0 or 255, _, 0, ..] => Ico,
        [(byte)'q', (byte)'o', (byte)'i', (byte)'f', ..] => Qoi,
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t', ..] when IsPnm(head) => Pnm,
        _ => null,
    };

    private static readonly string[] AvifBrands = ["avif", "avis"];

    // HEVC still images and sequences (ISO/IEC 23008-12, annex B), and HEIF of any codec.
    private static readonly string[] HeicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"];

    // Text could begin like this: a size must follow, or a comment, or of a PAM a word of its header.
    private static bool IsPnm(ReadOnlySpan<byte> head) => head[2..].TrimStart(" \n\r\t"u8) is [var first, ..]
        && (first == '#' || (head[1] == '7' ? "WHDMTE"u8.Contains(first) : char.IsAsciiDigit((char)first)));

    // ISO/IEC 14496-12 §4.3: size, 'ftyp', major brand, minor version, then compatible brands of four bytes each.
    private static bool HasBrand(ReadOnlySpan<byte> head, string[] brands)
    {
        for (var at = 8; at + 4 <= head.Length; at += at == 8 ? 8 : 4)
        {
            if (brands.Contains(System.Text.Encoding.ASCII.GetString(head.Slice(at, 4))))
                return true;
        }

        return false;
    }
}
