using ImageAspire.Core.Images;
using ImageAspire.Imaging;

namespace ImageAspire.Tests.Imaging;

/// <summary>Where EXIF lives in each format.</summary>
public sealed class MetadataPlacesTests
{
    private static readonly byte[] Exif = ExifWriter.Write(6, "Acme", taken: "2024:05:01 10:20:30");

    public static TheoryData<byte[]> Files() => new()
    {
        TestImages.JpegWithExif(Exif),
        Inserted(TestImages.Png(), 33, [.. BigEndian(Exif.Length), .. "eXIf"u8, .. Exif, 0, 0, 0, 0]), // behind IHDR
        Webp(),
        Tiff(),
        Tiff(pixels: 3 << 20), // large files have their directories behind the pixels
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task ReadHeader_ExifOfEveryFormat_IsFound(byte[] file)
    {
        var decoder = new HeaderImageDecoder(new ImagingOptions(), TimeProvider.System);
        using var content = new MemoryStream(file);

        var header = (await decoder.InspectAsync(content, ImageFormat.Sniff(file)!, default)).Header;

        (header.Camera?.Make, header.TakenAtLocal?.Year, header.Orientation, header.Width).ShouldBe(("Acme", 2024, 6, 48));
    }

    private static byte[] Webp()
    {
        byte[] file = [.. TestImages.Webp(), .. "EXIF"u8, .. BitConverter.GetBytes(Exif.Length), .. Exif];
        BitConverter.TryWriteBytes(file.AsSpan(4), file.Length - 8);
        return file;
    }

    // The size is added to the first directory, the pixels are not looked at here.
    private static byte[] Tiff(int pixels = 0)
    {
        var main = 8 + pixels;
        TiffWriter.Tag[] Tags(int exif) =>
            [TiffWriter.Tag.Number(256, 64), TiffWriter.Tag.Number(257, 48), TiffWriter.Tag.Shorts(274, 6), TiffWriter.Tag.Text(271, "Acme"), TiffWriter.Tag.Number(0x8769, exif)];
        var exif = main + TiffWriter.Directory(main, Tags(0)).Length;
        return
        [
            .. "II"u8, 42, 0, .. BitConverter.GetBytes(main), .. new byte[pixels], .. TiffWriter.Directory(main, Tags(exif)),
            .. TiffWriter.Directory(exif, [TiffWriter.Tag.Text(0x9003, "2024:05:01 10:20:30")]),
        ];
    }

    private static byte[] Inserted(byte[] file, int at, byte[] piece) => [.. file[..at], .. piece, .. file[at..]];

    private static byte[] BigEndian(int value) => [.. BitConverter.GetBytes(value).Reverse()];
}
