using System.Buffers.Binary;
using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>
/// Photoshop (Adobe Photoshop File Formats Specification): kept are the flattened picture, its resolution and colour profile. Layers go, since whole
/// files with their metadata can be in them.
/// </summary>
internal static class PsdEdits
{
    private const int HeaderBytes = 26, Version = 1057, HasFlattened = 4, Exif = 1058;
    private const int Raw = 0, RunLengths = 1;

    // Resolution, colour profile, size of the colour table and its transparent entry.
    private static readonly HashSet<int> Kept = [1005, 1039, 1046, 1047];

    public static void Add(Bytes file, EditList edits, int? orientation)
    {
        var resources = HeaderBytes + 4 + (long)file.U32(HeaderBytes, big: true);
        var layers = AddResources(file, edits, resources, PlainExif.IsNeeded(orientation) ? PlainExif.Of(orientation!.Value) : null);
        var layerBytes = file.U32(layers, big: true);
        if (layerBytes > 0)
        {
            // Layers say whether a further channel is the transparency.
            if (file.U16(12, big: true) != Colours(file.U16(24, big: true)))
                throw HeaderReader.Broken();
            edits.Replace(layers, 4, [0, 0, 0, 0]);
            edits.Drop(layers + 4, layerBytes);
        }

        var end = PictureEnd(file, layers + 4 + layerBytes);
        if (end > file.Length)
            throw new EndOfStreamException();
        edits.Drop(end, file.Length - end);
    }

    // Gives the end of the section.
    private static long AddResources(Bytes file, EditList edits, long start, byte[]? exif)
    {
        var end = start + 4 + file.U32(start, big: true);
        var keptBytes = 0L;
        for (var at = start + 4; at < end;)
        {
            var id = file.U16(at + 4, big: true);
            var name = file.U8(at + 6) + 1;
            var content = at + 6 + name + (name & 1) + 4;
            var length = file.U32(content - 4, big: true);
            var size = content + length + (length & 1) - at;
            if (!file.Has(at, "8BIM"u8) || size > end - at || id == Version && file.U8(content + HasFlattened) == 0)
                throw HeaderReader.Broken();
            if (Kept.Contains(id) && name == 1)
            {
                keptBytes += size;
            }
            else if (id == Exif && exif is not null)
            {
                edits.Replace(at, size, [.. "8BIM"u8, Exif >> 8, Exif & 255, 0, 0, 0, 0, 0, (byte)exif.Length, .. exif]);
                keptBytes += 12 + exif.Length;
                exif = null;
            }
            else
            {
                edits.Drop(at, size);
            }

            at += size;
        }

        if (keptBytes != end - start - 4)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)keptBytes);
            edits.Replace(start, 4, bytes);
        }

        return end;
    }

    private static long PictureEnd(Bytes file, long at)
    {
        var rows = (long)file.U16(12, big: true) * file.U32(14, big: true);
        return at + 2 + file.U16(at, big: true) switch
        {
            Raw => rows * ((file.U32(18, big: true) * (long)file.U16(22, big: true) + 7) / 8),
            RunLengths => rows * 2 + Lengths(file, at + 2, rows),
            _ => throw HeaderReader.Broken(),
        };
    }

    private static long Lengths(Bytes file, long at, long count)
    {
        var sum = 0L;
        for (var i = 0L; i < count; i++)
            sum += file.U16(at + i * 2, big: true);
        return sum;
    }

    // Channels without transparency, by colour mode: bitmap, grey, indexed, duotone; RGB, Lab; CMYK.
    private static int Colours(int mode) => mode switch { 0 or 1 or 2 or 8 => 1, 3 or 9 => 3, 4 => 4, _ => 0 };
}
