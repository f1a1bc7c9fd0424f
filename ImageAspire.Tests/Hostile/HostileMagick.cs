using System.Buffers.Binary;
using System.Text;
using ImageAspire.Core.Images;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Hostile;

/// <summary>HEIC, JPEG XL, JPEG 2000, Photoshop, icons, PNM and QOI: sizes that lie, tiles without end, parts outside of the file.</summary>
internal static class HostileMagick
{
    private static readonly byte[] Most = [0xFF, 0xFF, 0xFF, 0xFF];

    public static IEnumerable<HostileFile> Files() => [.. Heic(), .. Jxl(), .. Jp2(), .. Psd(), .. Ico(), .. Pnm(), .. Qoi()];

    private static IEnumerable<HostileFile> Heic()
    {
        var (file, grid) = (TestImages.Heic(), HeifFiles.Grid(TestImages.Heic(), 2, 2));
        yield return new("HEIC of 65,535 × 65,535", Behind(file, "ispe", 4, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF), FailureCodes.TooManyPixels);
        yield return new("HEIC of 9,000 × 9,000 with an image of 240 × 160", Behind(file, "ispe", 4, 0, 0, 0x23, 0x28, 0, 0, 0x23, 0x28));
        yield return new("HEIC of 1 × 1 with an image of 240 × 160", Behind(file, "ispe", 4, 0, 0, 0, 1, 0, 0, 0, 1));
        yield return new("HEIC of noise", [.. file[..^2000], .. HostilePng.Noise(2000)]);
        yield return new("HEIC without parameters of its codec", Behind(file, "hvcC", 22, 0));
        yield return new("HEIC with parameters of noise", Behind(file, "hvcC", 0, HostilePng.Noise(80)));
        yield return new("HEIC with 20,000 boxes", [.. file[..Size(file, 0)], .. Enumerable.Repeat<byte[]>([0, 0, 0, 8, .. "free"u8], 20_000).SelectMany(one => one), .. file[Size(file, 0)..]]);
        yield return new("HEIC of 60 × 60 tiles", HeifFiles.Grid(file, 60, 60), FailureCodes.TooManyPixels);
        yield return new("HEIC of tiles that are the image itself", Behind(grid, "dimg", 4, 0, 5, 0, 5, 0, 5, 0, 5));
        yield return new("HEIC of tiles that are not there", Behind(grid, "dimg", 4, 0, 99));
        yield return new("HEIC of a brand alone", file[..Size(file, 0)], FailureCodes.Corrupt);
    }

    private static IEnumerable<HostileFile> Jxl()
    {
        yield return new("JPEG XL of 2³⁰ × 2³⁰", [0xFF, 0x0A, .. JxlSize(1 << 30, 1 << 30), .. HostilePng.Noise(64)], FailureCodes.TooManyPixels);
        yield return new("JPEG XL of 9,000 × 9,000, of noise", [0xFF, 0x0A, .. JxlSize(9000, 9000), .. HostilePng.Noise(500)]);
        yield return new("JPEG XL of noise", [.. TestImages.Jxl()[..40], .. HostilePng.Noise(2000)]);
        byte[] head = [0, 0, 0, 12, .. "JXL "u8, 0x0D, 0x0A, 0x87, 0x0A, .. HeifWriter.Box("ftyp", [.. "jxl \0\0\0\0jxl "u8])];
        yield return new("JPEG XL without a codestream", [.. head, .. HeifWriter.Box("jxll", [5])], FailureCodes.Corrupt);
        yield return new("JPEG XL with metadata that is compressed noise", [.. head, .. HeifWriter.Box("brob", [.. "Exif"u8, .. HostilePng.Noise(500)]), .. HeifWriter.Box("jxlc", TestImages.Jxl())]);
        yield return new("JPEG XL in 5,000 parts of nothing", [.. head, .. Enumerable.Range(0, 5000).SelectMany(i => HeifWriter.Box("jxlp", [0, 0, (byte)(i >> 8), (byte)i])), .. HeifWriter.Box("jxlc", TestImages.Jxl())]);
        yield return new("JPEG XL with a box of 2⁶³ − 1", [.. head, 0, 0, 0, 1, .. "jxlc"u8, 0x7F, .. Most, 0xFF, 0xFF, 0xFF, .. TestImages.Jxl()]);
    }

    // The marker SIZ: capabilities at 6, then size and offset of the grid, size and offset of a tile, how many components.
    private static IEnumerable<HostileFile> Jp2()
    {
        var file = TestImages.J2c();
        yield return new("JPEG 2000 of 2³²−1 × 2³²−1", At(file, 8, [.. Most, .. Most]), FailureCodes.TooManyPixels);
        yield return new("JPEG 2000 whose image begins behind its end", At(file, 16, [.. Most, .. Most]), FailureCodes.NoPixels);
        yield return new("JPEG 2000 of 9,000 × 9,000", At(file, 8, [0, 0, 0x23, 0x28, 0, 0, 0x23, 0x28]));
        yield return new("JPEG 2000 in tiles of one pixel", At(file, 8, [0, 0, 0x23, 0x28, 0, 0, 0x23, 0x28, .. new byte[8], 0, 0, 0, 1, 0, 0, 0, 1]));
        yield return new("JPEG 2000 in tiles of nothing", At(file, 24, new byte[8]));
        yield return new("JPEG 2000 of 16,384 components", At(file, 40, [0x40, 0]));
        yield return new("JPEG 2000 of noise", [.. file[..60], .. HostilePng.Noise(2000), 0xFF, 0xD9]);
        yield return new("JPEG 2000 without a codestream", TestImages.Jp2()[..(TestImages.Jp2().AsSpan().IndexOf("jp2c"u8) - 4)], FailureCodes.Corrupt);
    }

    // Channels at 12, height, width, bits, mode; then the lengths of the colour table (26), of the resources (30) and of the layers (34).
    private static IEnumerable<HostileFile> Psd()
    {
        var file = TestImages.Psd(20, 14);
        yield return new("Photoshop of 30,000 × 30,000", At(file, 14, [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]), FailureCodes.TooManyPixels);
        yield return new("Photoshop of 0 × 0", At(file, 14, new byte[8]), FailureCodes.NoPixels);
        yield return new("Photoshop of 9,000 × 9,000 without pixels", At(file, 14, [0, 0, 0x23, 0x28, 0, 0, 0x23, 0x28]));
        yield return new("Photoshop of 65,535 channels", At(file, 12, [0xFF, 0xFF]));
        foreach (var (what, at) in ((string, int)[])[("colour table", 26), ("resources", 30), ("layers", 34)])
            yield return new($"Photoshop with a {what} of 4 GB", At(file, at, Most));
        yield return new("Photoshop with resources of noise", [.. file[..30], 0, 0, 3, 0xE8, .. HostilePng.Noise(1000), .. file[34..]]);
        yield return new("Photoshop with layers of noise", [.. file[..34], 0, 0, 3, 0xE8, .. HostilePng.Noise(1000), .. file[38..]]);
        yield return new("Photoshop with run lengths that lie", [.. file[..38], 0, 1, .. HostilePng.Noise(2000)]);
        foreach (var mode in (byte[])[0, 2, 4, 7, 8, 9, 255])
            yield return new($"Photoshop of colour mode {mode}", At(file, 25, [mode]));
    }

    private static IEnumerable<HostileFile> Ico()
    {
        var (bitmap, png) = (TestImages.Ico(20, 14), IcoWriter.Write(TestImages.Png(20, 14)));
        yield return new("Icon of 65,535 pictures", At(bitmap, 4, [0xFF, 0xFF]));
        yield return new("Icon with its picture behind its end", At(png, 18, Most), FailureCodes.Truncated);
        yield return new("Icon with its picture in its table", At(png, 18, [0, 0, 0, 0]));
        yield return new("Icon with a PNG of 2³² × 2³²", At(png, 22 + 16, [.. Most, .. Most]), FailureCodes.TooManyPixels);
        yield return new("Icon with a bitmap of 2³¹ × 2³¹", At(IcoWriter.Write(IcoWriter.Bitmap(20, 14, (_, _) => default)), 22 + 4, [.. Most, .. Most]), FailureCodes.TooManyPixels);
    }

    private static IEnumerable<HostileFile> Pnm()
    {
        yield return new("PNM with a number of a million digits", [.. "P6 "u8, .. Enumerable.Repeat((byte)'9', 1_000_000), .. " 1 255 "u8]);
        yield return new("PNM with a comment of a million letters", [.. "P6\n#"u8, .. Enumerable.Repeat((byte)'#', 1_000_000), .. "\n1 1 255\n123"u8]);
        yield return new("PNM of 9,000 × 9,000 as text, without pixels", [.. "P3 9000 9000 255\n1 2 3\n"u8]);
        yield return new("PNM of more colours than bits", [.. "P6 20 14 4294967295\n"u8, .. HostilePng.Noise(2000)]);
        yield return new("PAM of 4,000,000,000 channels", [.. "P7\nWIDTH 20\nHEIGHT 14\nDEPTH 4000000000\nMAXVAL 255\nENDHDR\n"u8, .. HostilePng.Noise(2000)]);
        yield return new("PAM whose header does not end", [.. "P7\nWIDTH 20\nHEIGHT 14\n"u8, .. Enumerable.Repeat("DEPTH 3\n"u8.ToArray(), 50_000).SelectMany(one => one)]);
    }

    private static IEnumerable<HostileFile> Qoi()
    {
        var file = TestImages.Qoi(20, 14);
        yield return new("QOI of 2³²−1 × 2³²−1", At(file, 4, [.. Most, .. Most]), FailureCodes.TooManyPixels);
        yield return new("QOI of 9,000 × 9,000 with 280 pixels", At(file, 4, [0, 0, 0x23, 0x28, 0, 0, 0x23, 0x28]));
        yield return new("QOI of 255 channels", At(file, 12, [255, 255]));
        yield return new("QOI of runs that never end", [.. file[..14], .. Enumerable.Repeat((byte)0xFD, 1_000_000), 0, 0, 0, 0, 0, 0, 0, 1]);
    }

    private static byte[] At(byte[] file, int at, byte[] bytes) => [.. file[..at], .. bytes, .. file[(at + bytes.Length)..]];

    // Of the first box of a type.
    private static byte[] Behind(byte[] file, string type, int at, params byte[] bytes) => At(file, file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(type)) + 4 + at, bytes);

    private static int Size(byte[] file, int box) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(box));

    // Each side in 30 bits, the least significant first; no ratio.
    private static byte[] JxlSize(int width, int height)
    {
        const int ThirtyBits = 3;
        var bits = (UInt128)ThirtyBits << 1 | (UInt128)(height - 1) << 3 | (UInt128)ThirtyBits << 36 | (UInt128)(width - 1) << 38;
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, bits);
        return bytes[..9];
    }
}
