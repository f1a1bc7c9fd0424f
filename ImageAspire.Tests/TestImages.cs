using System.Buffers.Binary;
using System.Text;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests;

/// <summary>
/// Images made in memory, without a codec library. The same arguments give the same bytes; another seed gives other bytes.
/// All show four quadrants (see <see cref="Quadrants"/>), so that a test can tell which way is up.
/// </summary>
internal static partial class TestImages
{
    /// <summary>Colour of the pixel at (x, y), top left first.</summary>
    public delegate (byte R, byte G, byte B) Pixel(int x, int y);

    /// <summary>Red, green / blue, yellow; the seed changes the shade a little.</summary>
    public static Pixel Quadrants(int width, int height, int seed = 0)
    {
        var shade = (byte)(Math.Abs(seed) % 32);
        return (x, y) => (x * 2 < width, y * 2 < height) switch
        {
            (true, true) => ((byte)(220 + shade), 20, 20),
            (false, true) => (20, (byte)(180 + shade), 20),
            (true, false) => (20, 20, (byte)(220 + shade)),
            (false, false) => ((byte)(220 + shade), (byte)(220 + shade), 20),
        };
    }

    /// <summary>A baseline JPEG, 4:4:4; <paramref name="padTo"/> makes the file at least so many bytes with comment segments.</summary>
    public static byte[] Jpeg(int width = 64, int height = 48, int seed = 0, int padTo = 0) =>
        JpegWriter.Write(width, height, Quadrants(width, height, seed), comments: Comments(seed, padTo));

    /// <summary>A JPEG with an EXIF block (see <see cref="ExifWriter"/>), stored as it is: an orientation is only noted, not applied.</summary>
    public static byte[] JpegWithExif(byte[] exif, int width = 64, int height = 48, Pixel? pixel = null) =>
        JpegWriter.Write(width, height, pixel ?? Quadrants(width, height), exif);

    /// <summary>A CMYK JPEG with Adobe's marker.</summary>
    public static byte[] CmykJpeg(int width = 64, int height = 48, int seed = 0) =>
        JpegWriter.Write(width, height, Quadrants(width, height, seed), comments: Comments(seed, 0), cmyk: true);

    /// <summary>A HEIC of 240 × 160 pixels.</summary>
    public static byte[] Heic() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Imaging", "Cases", "photo.heic"));

    /// <summary>A JPEG XL of 240 × 160 pixels.</summary>
    public static byte[] Jxl() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Imaging", "Cases", "photo.jxl"));

    /// <summary>A JP2 file of one pixel.</summary>
    public static byte[] Jp2()
    {
        var codestream = J2c();
        return
        [
            0, 0, 0, 12, .. "jP  "u8, 0x0D, 0x0A, 0x87, 0x0A, 0, 0, 0, 20, .. "ftypjp2 "u8, 0, 0, 0, 0, .. "jp2 "u8,
            0, 0, 0, 45, .. "jp2h"u8, 0, 0, 0, 22, .. "ihdr"u8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 3, 7, 7, 0, 0, 0, 0, 0, 15, .. "colr"u8, 1, 0, 0, 0, 0, 0, 16,
            0, 0, 0, 0, .. "jp2c"u8, .. codestream,
        ];
    }

    /// <summary>A JPEG 2000 codestream of one pixel.</summary>
    public static byte[] J2c() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "EmptyFiles", "image", "empty.j2c"));

    /// <summary>A Photoshop file, RGB.</summary>
    public static byte[] Psd(int width = 64, int height = 48, int seed = 0) => PsdWriter.Write(width, height, (x, y) => Quadrants(width, height, seed)(x, y));

    /// <summary>A JPEG that ends where its image begins.</summary>
    public static byte[] JpegWithoutPixels()
    {
        var file = Jpeg(256, 256);
        ReadOnlySpan<byte> scan = [0xFF, 0xDA];
        return file[..(file.AsSpan().IndexOf(scan) + 14)]; // with the header of its scan
    }

    /// <summary>A JPEG whose image ends half-way.</summary>
    public static byte[] TruncatedJpeg(int seed = 0) => Half(Jpeg(256, 256, seed));

    /// <summary>An 8-bit RGB PNG.</summary>
    public static byte[] Png(int width = 64, int height = 48, int seed = 0) => PngWriter.Write(width, height, Quadrants(width, height, seed), comment: $"{seed}");

    /// <summary>A 16-bit RGB PNG.</summary>
    public static byte[] Png16(int width = 64, int height = 48, int seed = 0) => PngWriter.Write(width, height, Quadrants(width, height, seed), PngWriter.Kind.Rgb16, $"{seed}");

    /// <summary>An 8-bit grey PNG.</summary>
    public static byte[] GreyPng(int width = 64, int height = 48, int seed = 0) => PngWriter.Write(width, height, Quadrants(width, height, seed), PngWriter.Kind.Grey, $"{seed}");

    /// <summary>An 8-bit RGBA PNG whose left half is fully transparent.</summary>
    public static byte[] TransparentPng(int width = 64, int height = 48, int seed = 0) => PngWriter.Write(width, height, Quadrants(width, height, seed), PngWriter.Kind.Rgba, $"{seed}");

    /// <summary>A PNG whose image ends half-way.</summary>
    public static byte[] TruncatedPng(int seed = 0) => Half(PngWriter.Write(256, 256, (x, y) => ((byte)(x * y), (byte)(x ^ y), (byte)(x * 7 + y * 13)), comment: $"{seed}"));

    /// <summary>A PNG that says it is 0×0, with a correct checksum.</summary>
    public static byte[] ZeroByZeroPng() => PngWriter.Write(0, 0, (_, _) => default);

    /// <summary>A GIF of one frame.</summary>
    public static byte[] Gif(int width = 64, int height = 48, int seed = 0) => GifWriter.Write(width, height, Quadrants(width, height, seed), frames: 1, $"{seed}");

    /// <summary>A GIF of several frames.</summary>
    public static byte[] AnimatedGif(int width = 64, int height = 48, int frames = 3, int seed = 0) => GifWriter.Write(width, height, Quadrants(width, height, seed), frames, $"{seed}");

    /// <summary>44 bytes that claim a canvas of 65,535 × 65,535 pixels.</summary>
    public static byte[] GiganticGif()
    {
        byte[] gif =
        [
            .. "GIF89a"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, // canvas, a table of two colours
            0, 0, 0, 255, 255, 255,
            0x21, 0xF9, 4, 0, 0, 0, 0, 0, // graphic control
            0x2C, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, // one frame of that size
            2, 2, 0x44, 1, 0, 0x3B, 0,
        ];
        return gif;
    }

    /// <summary>A 24-bit BMP, stored from the bottom up.</summary>
    public static byte[] Bmp(int width = 64, int height = 48, int seed = 0)
    {
        var pixel = Quadrants(width, height, seed);
        var stride = (width * 3 + 3) / 4 * 4;
        var bmp = new byte[54 + stride * height];
        "BM"u8.CopyTo(bmp);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(2), bmp.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(6), seed); // two reserved fields
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(bmp.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bmp.AsSpan(28), 24);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (r, g, b) = pixel(x, y);
                var at = 54 + (height - 1 - y) * stride + x * 3;
                (bmp[at], bmp[at + 1], bmp[at + 2]) = (b, g, r);
            }
        }

        return bmp;
    }

    /// <summary>An uncompressed RGB TIFF in one strip.</summary>
    public static byte[] Tiff(int width = 64, int height = 48, int seed = 0) => TiffWriter.Write(width, height, Quadrants(width, height, seed), $"{seed}");

    /// <summary>A lossless 64 × 48 WebP.</summary>
    public static byte[] Webp() => Convert.FromBase64String(
        "UklGRkQAAABXRUJQVlA4TDgAAAAvP8ALAB8gECBE+O+RIE1IQBhhjP/JLIFAEtb+HMPMf+g5wQEiARJPetKTJjoxov8TUDz6Fhz6Bg==");

    /// <summary>A 64 × 48 WebP of three frames, of which the first shows the quadrants.</summary>
    public static byte[] AnimatedWebp() => Convert.FromBase64String(
        "UklGRigBAABXRUJQVlA4WAoAAAACAAAAPwAALwAAQU5JTQYAAAD/////AABBTk1GUAAAAAAAAAAAAD8AAC8AAGQAAAJWUDhMOAAAAC8/wAsAHyAQIET475EgTUhAGGGM/8ks"
        + "gUAS1v4cw8x/6DnBASIBEk960pMmOjGi/xNQPPoWHPoGQU5NRlAAAAAAAAAAAAA/AAAvAABkAAAAVlA4TDcAAAAvP8ALAB8gECCEuPLfYkMgQEw4UquSQCAJan+BpeY/"
        + "vrjAAJEAiSc96UkTnRjR/wkoHn0LDn0DAEFOTUZMAAAAAAAAAAAAPwAALwAAZAAAAFZQOEw0AAAALz/ACwAfIBBIUh94H4EAId+FLjcCgSS5qZeb/8CVZgGRAIknPelJ"
        + "E50Y0f8JKB59Cw59Aw==");

    /// <summary>A 64 × 48 AVIF.</summary>
    public static byte[] Avif() => Convert.FromBase64String(
        "AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAANZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAAA"
        + "+gABAAAAAAAAADkAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABhdjAxAAAAAA5waXRtAAAAAAABAAAAVmlwcnAAAAA4aXBjbwAAAAxhdjFDgSACAAAAABRpc3Bl"
        + "AAAAAAAAAEAAAAAwAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAgMAAABBbWRhdBIACgk4FX+9pAQ0GkAyKkXgmMEwAAygAAAA1jVxhiufVtyTZlvr"
        + "paRCir1cIbqxY+hWnKBQHo823A==");

    /// <summary>The first half of a file.</summary>
    public static byte[] Half(byte[] file) => file[..(file.Length / 2)];

    // A comment segment holds at most 65,533 bytes.
    private static IEnumerable<byte[]> Comments(int seed, int padTo)
    {
        yield return Encoding.ASCII.GetBytes($"seed {seed}");
        for (var left = padTo; left > 0; left -= 65_000)
            yield return new byte[Math.Min(left, 65_000)];
    }
}
