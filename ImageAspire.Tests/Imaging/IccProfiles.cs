using System.Buffers.Binary;

namespace ImageAspire.Tests.Imaging;

/// <summary>Colour profiles (ICC.1:2001, version 2.4) made from numbers.</summary>
internal static class IccProfiles
{
    private const int Steps = 1024, Grid = 6; // a sixth of 255 is 51, without a rest

    /// <summary>A monitor: primaries, and the light of each value.</summary>
    public static byte[] Rgb(Colours.Space space, Func<double, double> light)
    {
        byte[] curve = [.. "curv"u8, .. new byte[4], .. Number(Steps), .. Enumerable.Range(0, Steps).SelectMany(i => Short(light(i / (Steps - 1.0)) * 65535))];
        var columns = space.Columns();
        return Profile("mntrRGB XYZ "u8, [
            ("wtpt", Xyz(Colours.D50)), ("rXYZ", Xyz([columns[0], columns[3], columns[6]])), ("gXYZ", Xyz([columns[1], columns[4], columns[7]])), ("bXYZ", Xyz([columns[2], columns[5], columns[8]])),
            ("rTRC", curve), ("gTRC", curve), ("bTRC", curve)]);
    }

    /// <summary>A printer, by a table of colours; between its points colours are interpolated.</summary>
    public static byte[] Cmyk(Func<double[], double[]> lab)
    {
        List<byte> table = [.. "mft2"u8, .. new byte[4], 4, 3, Grid, 0];
        foreach (var value in (double[])[1, 0, 0, 0, 1, 0, 0, 0, 1])
            table.AddRange(Number((int)(value * 65536)));
        table.AddRange([0, 2, 0, 2]);
        for (var channel = 0; channel < 4; channel++)
            table.AddRange([0, 0, 0xFF, 0xFF]);
        for (var i = 0; i < Grid * Grid * Grid * Grid; i++)
        {
            var colour = lab([i / (Grid * Grid * Grid) / 5.0, i / (Grid * Grid) % Grid / 5.0, i / Grid % Grid / 5.0, i % Grid / 5.0]);
            table.AddRange([.. Short(colour[0] / 100 * 0xFF00), .. Short((colour[1] + 128) * 256), .. Short((colour[2] + 128) * 256)]);
        }

        for (var channel = 0; channel < 3; channel++)
            table.AddRange([0, 0, 0xFF, 0xFF]);
        return Profile("prtrCMYKLab "u8, [("wtpt", Xyz(Colours.D50)), ("A2B0", [.. table])]);
    }

    private static byte[] Profile(ReadOnlySpan<byte> kind, (string Name, byte[] Content)[] tags)
    {
        tags = [("desc", [.. "desc"u8, .. new byte[4], .. Number(5), .. "Test\0"u8, .. new byte[78]]), ("cprt", [.. "text"u8, .. new byte[4], .. "None\0"u8]), .. tags];
        List<byte> table = [.. Number(tags.Length)], content = [];
        var at = 128 + 4 + tags.Length * 12;
        foreach (var (name, bytes) in tags)
        {
            table.AddRange([.. System.Text.Encoding.ASCII.GetBytes(name), .. Number(at + content.Count), .. Number(bytes.Length)]);
            content.AddRange([.. bytes, .. new byte[(4 - bytes.Length % 4) % 4]]);
        }

        byte[] head = [.. Number(at + content.Count), 0, 0, 0, 0, 2, 0x40, 0, 0, .. kind, .. new byte[12], .. "acsp"u8, .. new byte[28], .. Fixed(Colours.D50), .. new byte[48]];
        head[25] = 2024 & 0xFF;
        (head[24], head[27], head[29]) = (2024 >> 8, 1, 1);
        return [.. head, .. table, .. content];
    }

    private static byte[] Xyz(double[] values) => [.. "XYZ "u8, 0, 0, 0, 0, .. Fixed(values)];

    private static byte[] Fixed(double[] values) => [.. values.SelectMany(value => Number((int)Math.Round(value * 65536)))];

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Short(double value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)Math.Clamp(Math.Round(value), 0, 65535));
        return bytes;
    }
}
