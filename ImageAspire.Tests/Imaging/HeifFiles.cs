using System.Buffers.Binary;

namespace ImageAspire.Tests.Imaging;

/// <summary>Changes to HEIF files of one image (ISO/IEC 23008-12), as libvips writes them.</summary>
internal static class HeifFiles
{
    private const byte Matrix = 6; // BT.601, which the encoder uses where nothing else is said

    /// <summary>The same image with another property: what its values mean, by the numbers of ITU-T H.273, in the full range.</summary>
    public static byte[] WithColours(byte[] file, byte primaries, byte transfer)
    {
        byte[] property = [0, 0, 0, 19, .. "colrnclx"u8, 0, primaries, 0, transfer, 0, Matrix, 0x80];
        int properties = Box(file, "ipco"u8), associations = Box(file, "ipma"u8), count = Count(file, properties);
        byte[] changed =
        [
            .. file[..(properties + Size(file, properties))], .. property, .. file[(properties + Size(file, properties))..(associations + Size(file, associations))], (byte)(count + 1),
            .. file[(associations + Size(file, associations))..],
        ];
        var added = property.Length + 1;
        Add(changed, properties, property.Length);
        Add(changed, associations + property.Length, 1);
        changed[associations + property.Length + 18]++; // how many properties the image has
        Add(changed, Box(file, "iprp"u8), added);
        Add(changed, Box(file, "meta"u8), added);
        Add(changed, Box(file, "iloc"u8) + 20, added); // where the image's data begin
        return changed;
    }

    /// <summary>
    /// An image made of tiles, as phones write theirs: each is that of a file of one image. They share its bytes; decoders decode it once for each.
    /// </summary>
    public static byte[] Grid(byte[] tile, int columns, int rows)
    {
        int properties = Box(tile, "ipco"u8), data = Box(tile, "mdat"u8), dimensions = Box(tile, "ispe"u8);
        int width = Size(tile, dimensions + 12) * columns, height = Size(tile, dimensions + 16) * rows, tiles = columns * rows, own = tiles + 1, count = Count(tile, properties);
        byte[] shown = Framed("ispe", [0, 0, 0, 0, .. Int(width), .. Int(height)]), derivation = [0, 1, (byte)(rows - 1), (byte)(columns - 1), .. Int(width), .. Int(height)];
        var ofTile = Enumerable.Range(1, count).Select(i => (byte)i).ToArray();
        var pixels = tile[(data + 8)..(data + Size(tile, data))];
        var fileType = tile[..Size(tile, 0)];

        byte[] Meta(int at) => Framed("meta", [
            0, 0, 0, 0, .. tile[Box(tile, "hdlr"u8)..][..Size(tile, Box(tile, "hdlr"u8))], .. Framed("pitm", [0, 0, 0, 0, .. Short(own)]),
            .. Framed("iloc", [
                0, 0, 0, 0, 0x44, 0, .. Short(own), .. Enumerable.Range(1, tiles).SelectMany(id => (byte[])[.. Short(id), 0, 0, 0, 1, .. Int(at), .. Int(pixels.Length)]),
                .. Short(own), 0, 0, 0, 1, .. Int(at + pixels.Length), .. Int(derivation.Length)]),
            .. Framed("iinf", [0, 0, 0, 0, .. Short(own), .. Enumerable.Range(1, own).SelectMany(id => Framed("infe", [2, 0, 0, 0, .. Short(id), 0, 0, .. id == own ? "grid"u8 : "hvc1"u8, 0]))]),
            .. Framed("iref", [0, 0, 0, 0, .. Framed("dimg", [.. Short(own), .. Short(tiles), .. Enumerable.Range(1, tiles).SelectMany(Short)])]),
            .. Framed("iprp", [
                .. Framed("ipco", [.. tile[(properties + 8)..(properties + Size(tile, properties))], .. shown]),
                .. Framed("ipma", [
                    0, 0, 0, 0, .. Int(own), .. Enumerable.Range(1, tiles).SelectMany(id => (byte[])[.. Short(id), (byte)count, .. ofTile]), .. Short(own), 1, (byte)(count + 1)])])]);

        var start = fileType.Length + Meta(0).Length + 8;
        return [.. fileType, .. Meta(start), .. Framed("mdat", [.. pixels, .. derivation])];
    }

    private static byte[] Framed(string type, byte[] content) => [.. Int(content.Length + 8), .. System.Text.Encoding.ASCII.GetBytes(type), .. content];

    private static byte[] Int(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Short(int value) => [(byte)(value >> 8), (byte)value];

    private static int Box(byte[] file, ReadOnlySpan<byte> type)
    {
        var at = file.AsSpan().IndexOf(type) - 4;
        at.ShouldBeGreaterThan(0);
        return at;
    }

    private static int Count(byte[] file, int box)
    {
        var count = 0;
        for (var at = box + 8; at < box + Size(file, box); at += Size(file, at))
            count++;
        return count;
    }

    private static int Size(byte[] file, int box) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(box));

    private static void Add(byte[] file, int at, int value) => BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at)) + value);
}
