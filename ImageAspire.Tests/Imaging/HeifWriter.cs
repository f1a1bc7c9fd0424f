using System.Buffers.Binary;
using System.Text;

namespace ImageAspire.Tests.Imaging;

/// <summary>Adds metadata, a thumbnail, forgotten bytes and a video to a HEIC or AVIF of one picture.</summary>
internal static class HeifWriter
{
    private const string FourBytes = "\0\0\0\0"; // version and flags

    public static byte[] With(byte[] file, byte[] exif, byte[] xmp)
    {
        var picture = Content(file, "mdat");
        var type = Encoding.ASCII.GetString(Content(file, "infe").AsSpan(8, 4));
        var associations = Content(file, "ipma")[8..];
        associations[1] = 4; // the id of the thumbnail
        var ipma = Box("ipma", [.. Content(file, "ipma")[..4], 0, 0, 0, 2, .. Content(file, "ipma")[8..], .. associations]);
        var properties = Box("iprp", [.. Whole(file, "ipco"), .. ipma]);
        byte[] exifItem = [0, 0, 0, 0, .. exif];
        var ftyp = Whole(file, "ftyp");
        var uuid = Box("uuid", [.. new byte[16], .. "SecretBox"u8]);
        var data = ftyp.Length + Meta(0).Length + uuid.Length + 8;
        return
        [
            .. ftyp, .. Meta(data), .. uuid, .. Box("mdat", [.. picture, .. exifItem, .. xmp, .. "SecretForgotten"u8, .. picture]),
            .. Box("mpvd", [.. "SecretVideo"u8]), .. "SecretTail"u8,
        ];

        byte[] Meta(int at) => Box("meta", [.. Text(FourBytes), .. Handler(), .. Elsewhere(), .. Whole(file, "pitm"), .. Locations(at), .. Names(), .. References(), .. properties,
            .. Box("udta", [.. "SecretUserData"u8])]);

        byte[] Locations(int at) => Box("iloc", [.. Text(FourBytes), 0x44, 0, 0, 4,
            .. Location(1, at, picture.Length), .. Location(2, at + picture.Length, exifItem.Length), .. Location(3, at + picture.Length + exifItem.Length, xmp.Length),
            .. Location(4, at + picture.Length + exifItem.Length + xmp.Length + 15, picture.Length)]);

        byte[] Names() => Box("iinf", [.. Text(FourBytes), 0, 4, .. Name(1, type, ""), .. Name(2, "Exif", ""), .. Name(3, "mime", "application/rdf+xml\0"), .. Name(4, type, "")]);
    }

    public static byte[] Box(string type, byte[] content) => [.. Number(content.Length + 8), .. Text(type), .. content];

    private static byte[] References() => Box("iref", [.. Text(FourBytes), .. Reference("cdsc", 2), .. Reference("cdsc", 3), .. Reference("thmb", 4)]);

    // Its name says which program wrote the file.
    private static byte[] Handler() => Box("hdlr", [.. Text(FourBytes), .. Text(FourBytes), .. "pict"u8, .. new byte[12], .. "SecretHandler\0"u8]);

    private static byte[] Elsewhere() => Box("dinf", Box("dref", [.. Text(FourBytes), 0, 0, 0, 1, .. Box("url ", [.. Text(FourBytes), .. "http://host/SecretFolder\0"u8])]));

    // To the picture.
    private static byte[] Reference(string type, byte from) => Box(type, [0, from, 0, 1, 0, 1]);

    private static byte[] Name(byte id, string type, string more) => Box("infe", [2, 0, 0, 0, 0, id, 0, 0, .. Text(type), 0, .. Text(more)]);

    private static byte[] Location(byte id, int at, int length) => [0, id, 0, 0, 0, 1, .. Number(at), .. Number(length)];

    private static byte[] Content(byte[] file, string type) => Whole(file, type)[8..];

    private static byte[] Whole(byte[] file, string type)
    {
        var at = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(type)) - 4;
        return file.AsSpan(at, BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at))).ToArray();
    }

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
