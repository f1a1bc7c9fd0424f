using System.Text;

namespace ImageAspire.Tests.Imaging;

/// <summary>TIFF 6.0 structures: directories of tags, for images and for EXIF; little-endian where nothing else is said.</summary>
internal static class TiffWriter
{
    public const ushort Ascii = 2, Short = 3, Long = 4, Rational = 5;

    /// <summary>One tag. <paramref name="Count"/> is in values of the type.</summary>
    public sealed record Tag(ushort Id, ushort Type, int Count, byte[] Value)
    {
        public static Tag Text(ushort id, string value) => new(id, Ascii, value.Length + 1, Encoding.Latin1.GetBytes(value + "\0"));

        public static Tag Number(ushort id, int value) => new(id, Long, 1, BitConverter.GetBytes(value));

        public static Tag Shorts(ushort id, params ushort[] values) => new(id, Short, values.Length, [.. values.SelectMany(BitConverter.GetBytes)]);

        public static Tag Rationals(ushort id, params (uint Over, uint Under)[] values) =>
            new(id, Rational, values.Length, [.. values.SelectMany(v => BitConverter.GetBytes(v.Over).Concat(BitConverter.GetBytes(v.Under)))]);
    }

    /// <summary>The bytes of a directory that starts at <paramref name="offset"/> of the file, with its values behind it.</summary>
    public static byte[] Directory(int offset, IEnumerable<Tag> tags, int next = 0, bool big = false)
    {
        var sorted = tags.OrderBy(t => t.Id).ToArray();
        var values = offset + 2 + sorted.Length * 12 + 4;
        using var directory = new MemoryStream();
        using var outside = new MemoryStream();
        directory.Write(Ordered(BitConverter.GetBytes((ushort)sorted.Length), 2, big));
        foreach (var tag in sorted)
        {
            directory.Write([.. Ordered(BitConverter.GetBytes(tag.Id), 2, big), .. Ordered(BitConverter.GetBytes(tag.Type), 2, big), .. Ordered(BitConverter.GetBytes(tag.Count), 4, big)]);
            var value = Ordered(tag.Value, tag.Type switch { Short => 2, Long or Rational => 4, _ => 1 }, big);
            var inside = new byte[4];
            if (value.Length <= 4)
            {
                value.CopyTo(inside, 0);
            }
            else
            {
                inside = Ordered(BitConverter.GetBytes(values + (int)outside.Length), 4, big);
                outside.Write(value);
                if (outside.Length % 2 == 1)
                    outside.WriteByte(0);
            }

            directory.Write(inside);
        }

        directory.Write(Ordered(BitConverter.GetBytes(next), 4, big));
        return [.. directory.ToArray(), .. outside.ToArray()];
    }

    /// <summary>Little-endian numbers of a size, in the order of the file.</summary>
    public static byte[] Ordered(byte[] numbers, int size, bool big) =>
        big ? [.. numbers.Chunk(size).SelectMany(one => one.Reverse())] : numbers;

    /// <summary>An uncompressed 8-bit RGB image in one strip.</summary>
    public static byte[] Write(int width, int height, TestImages.Pixel pixel, string description)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
            (pixels[i * 3], pixels[i * 3 + 1], pixels[i * 3 + 2]) = pixel(i % width, i / width);
        byte[] header = [.. "II"u8, 42, 0, .. BitConverter.GetBytes(8 + pixels.Length)];
        Tag[] tags =
        [
            Tag.Number(256, width), Tag.Number(257, height), Tag.Shorts(258, 8, 8, 8), Tag.Shorts(259, 1), Tag.Shorts(262, 2),
            Tag.Text(270, description), Tag.Number(273, 8), Tag.Shorts(277, 3), Tag.Number(278, height), Tag.Number(279, pixels.Length),
        ];
        return [.. header, .. pixels, .. Directory(8 + pixels.Length, tags)];
    }
}
