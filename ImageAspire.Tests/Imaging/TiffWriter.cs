using System.Buffers.Binary;
using System.Text;

namespace ImageAspire.Tests.Imaging;

/// <summary>Little-endian TIFF 6.0 structures: directories of tags, for images and for EXIF.</summary>
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
    public static byte[] Directory(int offset, IEnumerable<Tag> tags)
    {
        var sorted = tags.OrderBy(t => t.Id).ToArray();
        var values = offset + 2 + sorted.Length * 12 + 4;
        using var directory = new MemoryStream();
        using var outside = new MemoryStream();
        directory.Write(BitConverter.GetBytes((ushort)sorted.Length));
        foreach (var tag in sorted)
        {
            directory.Write([.. BitConverter.GetBytes(tag.Id), .. BitConverter.GetBytes(tag.Type), .. BitConverter.GetBytes(tag.Count)]);
            var inside = new byte[4];
            if (tag.Value.Length <= 4)
            {
                tag.Value.CopyTo(inside, 0);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(inside, values + (int)outside.Length);
                outside.Write(tag.Value);
                if (outside.Length % 2 == 1)
                    outside.WriteByte(0);
            }

            directory.Write(inside);
        }

        directory.Write(new byte[4]); // no next directory
        return [.. directory.ToArray(), .. outside.ToArray()];
    }

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
