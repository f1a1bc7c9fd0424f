using static ImageAspire.Tests.Imaging.TiffWriter;

namespace ImageAspire.Tests.Imaging;

/// <summary>
/// Raw files of cameras, laid out as each maker does: which directories there are, what they say of themselves, and where the previews are. The data of the sensor
/// is noise. Real files have more tags and makers' notes; none of them matters for a preview.
/// </summary>
internal sealed class RawWriter(bool big = false)
{
    public const int FullWidth = 6000, FullHeight = 4000;

    private const ushort Subfile = 254, Width = 256, Height = 257, Bits = 258, Compression = 259, Photometric = 262, Make = 271, StripAt = 273, Orientation = 274,
        Samples = 277, Rows = 278, StripLength = 279, Sub = 330, JpegAt = 513, JpegLength = 514, ExifAt = 0x8769, DngVersion = 50706, CropSize = 50720;
    private const int SensorColours = 32803, JpegColours = 6, OldJpeg = 6, Jpeg = 7;

    private readonly List<byte> _file = [.. big ? "MM"u8 : "II"u8, .. Ordered([42, 0], 2, big), 0, 0, 0, 0];

    /// <summary>What may differ.</summary>
    public sealed record Options(byte[] Preview, ushort TurnedAs = 1, string Taken = "2024:05:01 10:20:30", string Offset = "+02:00", IReadOnlyList<Tag>? More = null);

    /// <summary>Of every kind, by its usual extension.</summary>
    public static IReadOnlyDictionary<string, Func<Options, byte[]>> Kinds { get; } =
        new Dictionary<string, Func<Options, byte[]>> { ["dng"] = Dng, ["cr2"] = Cr2, ["nef"] = Nef, ["arw"] = Arw };

    /// <summary>A small uncompressed picture, a preview, and the sensor's data with a border around what is meant to be seen.</summary>
    public static byte[] Dng(Options options)
    {
        var file = new RawWriter();
        var preview = file.Directory([Tag.Number(Subfile, 1), Tag.Number(Compression, Jpeg), Tag.Number(Photometric, JpegColours), .. file.Strip(options.Preview)]);
        var sensor = file.Directory([
            Tag.Number(Subfile, 0), Tag.Number(Width, FullWidth + 32), Tag.Number(Height, FullHeight + 24), Tag.Shorts(Bits, 16), Tag.Shorts(Compression, Jpeg),
            Tag.Number(Photometric, SensorColours), Tag.Shorts(Samples, 1), Tag.Rationals(CropSize, (FullWidth, 1), (FullHeight, 1)), .. file.Strip(LosslessJpeg(FullWidth, FullHeight))]);
        var exif = file.Exif(options);
        return file.End(file.Directory([
            .. file.SmallPicture(), Tag.Number(Subfile, 1), Tag.Text(Make, "Acme"), Tag.Shorts(Orientation, options.TurnedAs), new Tag(DngVersion, 1, 4, [1, 4, 0, 0]),
            new Tag(Sub, TiffWriter.Long, 2, [.. BitConverter.GetBytes(sensor), .. BitConverter.GetBytes(preview)]), Tag.Number(ExifAt, exif), .. options.More ?? []]));
    }

    /// <summary>Four directories in a chain: the preview, which is as large as the image; a thumbnail; an uncompressed picture; the sensor's data, a JPEG as well.</summary>
    public static byte[] Cr2(Options options)
    {
        var file = new RawWriter();
        file._file.AddRange([(byte)'C', (byte)'R', 2, 0, 0, 0, 0, 0]);
        var sensor = file.Directory([Tag.Shorts(Compression, OldJpeg), .. file.Strip(LosslessJpeg(FullWidth, FullHeight))]);
        var picture = file.Directory([.. file.SmallPicture()], sensor);
        var small = file.Directory([.. file.JpegAs(TestImages.Jpeg(16, 12))], picture);
        var exif = file.Exif(options);
        return file.End(file.Directory([
            Tag.Number(Width, FullWidth), Tag.Number(Height, FullHeight), Tag.Shorts(Compression, OldJpeg), Tag.Text(Make, "Acme"), Tag.Shorts(Orientation, options.TurnedAs),
            .. file.Strip(options.Preview), Tag.Number(ExifAt, exif), .. options.More ?? []], small));
    }

    /// <summary>Big-endian; a small uncompressed picture, the preview and the sensor's data in directories below it.</summary>
    public static byte[] Nef(Options options)
    {
        var file = new RawWriter(big: true);
        var preview = file.Directory([Tag.Number(Subfile, 1), Tag.Shorts(Compression, OldJpeg), .. file.JpegAs(options.Preview)]);
        var sensor = file.Directory([
            Tag.Number(Subfile, 0), Tag.Number(Width, FullWidth), Tag.Number(Height, FullHeight), Tag.Shorts(Bits, 14), Tag.Shorts(Compression, 34713),
            Tag.Shorts(Photometric, SensorColours), Tag.Shorts(Samples, 1), .. file.Strip(new byte[3000])]);
        var exif = file.Exif(options);
        return file.End(file.Directory([
            .. file.SmallPicture(), Tag.Number(Subfile, 1), Tag.Text(Make, "Acme"), Tag.Shorts(Orientation, options.TurnedAs),
            new Tag(Sub, TiffWriter.Long, 2, [.. BitConverter.GetBytes(preview), .. BitConverter.GetBytes(sensor)]), Tag.Number(ExifAt, exif), .. options.More ?? []]));
    }

    /// <summary>The preview in the first directory, a thumbnail in the second, the sensor's data below the first.</summary>
    public static byte[] Arw(Options options)
    {
        var file = new RawWriter();
        var small = file.Directory([Tag.Number(Subfile, 1), Tag.Shorts(Compression, OldJpeg), .. file.JpegAs(TestImages.Jpeg(16, 12))]);
        var sensor = file.Directory([
            Tag.Number(Subfile, 0), Tag.Number(Width, FullWidth), Tag.Number(Height, FullHeight), Tag.Shorts(Bits, 12), Tag.Shorts(Compression, 32767),
            Tag.Shorts(Photometric, SensorColours), Tag.Shorts(Samples, 1), .. file.Strip(new byte[3000])]);
        var exif = file.Exif(options);
        return file.End(file.Directory([
            Tag.Number(Subfile, 1), Tag.Shorts(Compression, OldJpeg), Tag.Text(Make, "Acme"), Tag.Shorts(Orientation, options.TurnedAs),
            .. file.JpegAs(options.Preview), Tag.Number(Sub, sensor), Tag.Number(ExifAt, exif), .. options.More ?? []], small));
    }

    /// <summary>A preview that lies behind everything else, so that a cut file lacks its end.</summary>
    public static byte[] PreviewLast(byte[] preview)
    {
        Tag[] Tags(int at) => [Tag.Number(Subfile, 1), Tag.Shorts(Compression, OldJpeg), new Tag(DngVersion, 1, 4, [1, 4, 0, 0]), Tag.Number(JpegAt, at), Tag.Number(JpegLength, preview.Length)];
        var at = 8 + TiffWriter.Directory(8, Tags(0)).Length;
        return [.. "II"u8, 42, 0, 8, 0, 0, 0, .. TiffWriter.Directory(8, Tags(at)), .. preview];
    }

    /// <summary>As a sensor's data are stored: a JPEG of a kind that no viewer decodes.</summary>
    public static byte[] LosslessJpeg(int width, int height) =>
        [0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 14, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 0, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 0, 0, 1, 0, 0, .. new byte[3000], 0xFF, 0xD9];

    private IEnumerable<Tag> SmallPicture() =>
    [
        Tag.Number(Width, 16), Tag.Number(Height, 12), Tag.Shorts(Bits, 8, 8, 8), Tag.Shorts(Compression, 1), Tag.Shorts(Photometric, 2), Tag.Shorts(Samples, 3),
        Tag.Number(Rows, 12), .. Strip(new byte[16 * 12 * 3]),
    ];

    private Tag[] Strip(byte[] data) => [Tag.Number(StripAt, Add(data)), Tag.Number(StripLength, data.Length)];

    private Tag[] JpegAs(byte[] data) => [Tag.Number(JpegAt, Add(data)), Tag.Number(JpegLength, data.Length)];

    private int Exif(Options options) => Directory([Tag.Text(0x9003, options.Taken), Tag.Text(0x9011, options.Offset)]);

    private int Directory(IEnumerable<Tag> tags, int next = 0) => Add(TiffWriter.Directory((_file.Count + 1) / 2 * 2, tags, next, big));

    private int Add(byte[] block)
    {
        if (_file.Count % 2 == 1)
            _file.Add(0);
        _file.AddRange(block);
        return _file.Count - block.Length;
    }

    private byte[] End(int first)
    {
        byte[] file = [.. _file];
        Ordered(BitConverter.GetBytes(first), 4, big).CopyTo(file, 4);
        return file;
    }
}
