using System.Buffers.Binary;
using System.Text;
using static ImageAspire.Tests.Imaging.TiffWriter;

namespace ImageAspire.Tests.Imaging;

/// <summary>Files that say a lot about whoever made them: everything that must not be in a copy has one of <see cref="Secrets"/>.</summary>
internal static class PrivateFiles
{
    /// <summary>EXIF with camera, time and place, upright by a turn.</summary>
    public static readonly byte[] Exif = ExifWriter.Write(6, "SecretMake", "SecretModel", "2024:05:01 10:20:30", null, (48.8566137, 2.3522219));

    private static readonly byte[] Xmp = Encoding.UTF8.GetBytes(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreatorTool='SecretXmp'/></rdf:RDF></x:xmpmeta>");

    private static readonly byte[] Iptc = [0x1C, 2, 120, 0, 10, .. "SecretIptc"u8];
    private static readonly byte[] Tail = [.. "SecretTail"u8];

    /// <summary>What must not be found in a copy: texts, the time, and the bytes of the place.</summary>
    public static IReadOnlyList<byte[]> Secrets { get; } = [[.. "Secret"u8], [.. "2024:05:01"u8], Exif[^8..], Exif[^32..^24]];

    /// <summary>A file of each kind.</summary>
    public static readonly IReadOnlyDictionary<string, byte[]> All = new Dictionary<string, byte[]>
    {
        ["jpeg"] = Jpeg(), ["png"] = Png(), ["webp"] = Webp(TestImages.Webp()), ["webp, animated"] = Webp(TestImages.AnimatedWebp()),
        ["gif"] = Gif(TestImages.Gif()), ["gif, animated"] = Gif(TestImages.AnimatedGif()), ["bmp"] = [.. TestImages.Bmp(), .. Tail], ["tiff"] = Tiff(), ["tiff, upright"] = Tiff(1),
        ["heic"] = HeifWriter.With(TestImages.Heic(), Exif, Xmp), ["avif"] = HeifWriter.With(TestImages.Avif(), Exif, Xmp), ["jxl"] = Jxl(), ["jp2"] = Jp2(), ["psd"] = Psd(),
    };

    private static byte[] Jpeg()
    {
        var picture = TestImages.JpegWithExif(Exif);
        using var file = new MemoryStream();
        file.Write([0xFF, 0xD8]);
        JpegWriter.Segment(file, 0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 2, 2, .. "SecretThumb!"u8]);
        JpegWriter.Segment(file, 0xE0, [.. "JFXX\0"u8, 0x13, 1, 1, .. "SecretThumbnail"u8]);
        file.Write(picture.AsSpan(2, Exif.Length + 10)); // the first one
        JpegWriter.Segment(file, 0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Xmp]);
        JpegWriter.Segment(file, 0xE1, [.. "Exif\0\0"u8, .. Exif]);
        JpegWriter.Segment(file, 0xE2, [.. "MPF\0SecretPictures"u8]);
        JpegWriter.Segment(file, 0xED, [.. "Photoshop 3.0\0"u8, .. Resource(0x0404, Iptc)]);
        JpegWriter.Segment(file, 0xEB, [.. "SecretApplication"u8]);
        JpegWriter.Segment(file, 0xFE, [.. "SecretComment"u8]);
        file.Write(picture.AsSpan(12 + Exif.Length));
        file.Write(Tail);
        file.Write(TestImages.JpegWithExif(Exif)); // another picture
        return file.ToArray();
    }

    private static byte[] Png()
    {
        var picture = TestImages.Png();
        using var file = new MemoryStream();
        file.Write(picture.AsSpan(0, 33)); // with IHDR
        PngWriter.Chunk(file, "eXIf", Exif);
        PngWriter.Chunk(file, "pHYs", [0, 0, 11, 18, 0, 0, 11, 18, 1]);
        PngWriter.Chunk(file, "tEXt", [.. "Comment\0SecretComment"u8]);
        PngWriter.Chunk(file, "iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. Xmp]);
        PngWriter.Chunk(file, "prIv", [.. "SecretChunk"u8]);
        file.Write(picture.AsSpan(33));
        return [.. file.ToArray(), .. Tail];
    }

    private static byte[] Webp(byte[] picture)
    {
        using var file = new MemoryStream();
        file.Write(picture.AsSpan(0, 12));
        var isExtended = picture.AsSpan(12).StartsWith("VP8X"u8);
        Chunk("VP8X", [(byte)(0x0C | (isExtended ? picture[20] : 0)), 0, 0, 0, 63, 0, 0, 47, 0, 0]);
        Chunk("SECR", [.. "SecretChunk"u8]);
        file.Write(picture.AsSpan(isExtended ? 30 : 12));
        Chunk("EXIF", Exif);
        Chunk("XMP ", Xmp);
        var bytes = file.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        return [.. bytes, .. Tail];

        void Chunk(string type, byte[] content) =>
            file.Write([.. Encoding.ASCII.GetBytes(type), .. BitConverter.GetBytes(content.Length), .. content, .. new byte[content.Length & 1]]);
    }

    private static byte[] Gif(byte[] picture)
    {
        var table = 13 + ((picture[10] & 0x80) == 0 ? 0 : 3 << ((picture[10] & 7) + 1));
        byte[] magic = [1, .. Enumerable.Range(0, 256).Select(i => (byte)(255 - i)), 0];
        return
        [
            .. picture[..table],
            0x21, 0xFE, 13, .. "SecretComment"u8, 0, 0x21, 0xFF, 11, .. "XMP DataXMP"u8, .. Xmp, .. magic, 0x21, 0xFF, 11, .. "SecretAppl1"u8, 3, 1, 0, 0, 0,
            .. picture[table..], .. Tail,
        ];
    }

    private static byte[] Tiff(ushort orientation = 6)
    {
        var picture = Write(64, 48, TestImages.Quadrants(64, 48), "");
        var at = 8 + 64 * 48 * 3;
        var exif = Encoding.Latin1.GetBytes("SecretMakerNote");
        Tag[] Main(int exifAt, int gpsAt) =>
        [
            Tag.Number(256, 64), Tag.Number(257, 48), Tag.Shorts(258, 8, 8, 8), Tag.Shorts(259, 1), Tag.Shorts(262, 2), Tag.Text(270, "SecretDescription"), Tag.Text(271, "SecretMake"),
            Tag.Number(273, 8), Tag.Shorts(274, orientation), Tag.Shorts(277, 3), Tag.Number(278, 48), Tag.Number(279, at - 8), Tag.Text(306, "2024:05:01 10:20:30"),
            new(700, 1, Xmp.Length, Xmp), new(33723, 7, Iptc.Length, Iptc), Tag.Number(34665, exifAt), Tag.Number(34853, gpsAt), Tag.Text(65000, "Secret private tag"),
        ];
        var exifAt = at + Directory(at, Main(0, 0)).Length;
        byte[] details = [.. Directory(exifAt, [Tag.Text(0x9003, "2024:05:01 10:20:30"), new Tag(0x927C, 7, exif.Length, exif)])];
        var gps = Directory(exifAt + details.Length, [Tag.Text(1, "N"), new Tag(2, 5, 1, Exif[^8..]), Tag.Text(3, "E"), new Tag(4, 5, 1, Exif[^32..^24])]);
        return [.. picture[..4], .. BitConverter.GetBytes(at), .. picture[8..at], .. Directory(at, Main(exifAt, exifAt + details.Length)), .. details, .. gps, .. Tail];
    }

    private static byte[] Jxl() =>
    [
        0, 0, 0, 12, .. "JXL "u8, 0x0D, 0x0A, 0x87, 0x0A, .. HeifWriter.Box("ftyp", [.. "jxl \0\0\0\0jxl "u8]), .. HeifWriter.Box("Exif", [0, 0, 0, 0, .. Exif]),
        .. HeifWriter.Box("jxlc", TestImages.Jxl()), .. HeifWriter.Box("xml ", Xmp), .. HeifWriter.Box("jumb", [.. "SecretBox"u8]),
    ];

    private static byte[] Jp2()
    {
        var picture = TestImages.Jp2();
        var codestreamAt = picture.AsSpan().IndexOf("jp2c"u8) - 4;
        var codestream = TestImages.J2c();
        var sizeEnd = 4 + BinaryPrimitives.ReadUInt16BigEndian(codestream.AsSpan(4)); // behind SIZ
        return
        [
            .. picture[..codestreamAt], .. HeifWriter.Box("uuid", [.. "JpgTiffExif->JP2"u8, .. Exif]), .. HeifWriter.Box("xml ", Xmp),
            .. HeifWriter.Box("jp2c", [.. codestream[..sizeEnd], 0xFF, 0x64, 0, 17, 0, 1, .. "SecretComment"u8, .. codestream[sizeEnd..]]),
            .. HeifWriter.Box("uuid", [.. new byte[16], .. "SecretBox"u8]), .. Tail,
        ];
    }

    private static byte[] Psd()
    {
        var picture = TestImages.Psd();
        byte[] resources = [.. Resource(1028, Iptc), .. Resource(1058, Exif), .. Resource(1060, Xmp), .. Resource(1036, [.. "SecretThumbnail!"u8])];
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, resources.Length);
        return [.. picture[..30], .. size, .. resources, .. picture[34..], .. Tail];
    }

    private static byte[] Resource(ushort id, byte[] content)
    {
        var head = new byte[12];
        "8BIM"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(4), id);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(8), content.Length);
        return [.. head, .. content, .. new byte[content.Length & 1]];
    }
}
