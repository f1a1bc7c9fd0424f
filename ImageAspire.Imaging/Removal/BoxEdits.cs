using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>Boxes of JPEG XL and JPEG 2000. They do not refer to each other by position, so those that the picture does not need are left out.</summary>
internal static class BoxEdits
{
    private static readonly HashSet<string> KeptOfJxl = ["JXL ", "ftyp", "jxll", "jxlc", "jxlp"];
    private static readonly HashSet<string> KeptOfJp2 = ["jP  ", "ftyp", "rreq", "jp2h", "jp2c"];

    private static readonly HashSet<string> KeptOfHeader = ["ihdr", "bpcc", "colr", "pclr", "cmap", "cdef", "res "];

    // The extended file format has tables of positions, and pictures made of others.
    private static readonly HashSet<string> RefusedOfJp2 = ["ftbl", "dtbl", "comp", "jpch", "jplh", "moov", "moof"];
    private const int Comment = 0xFF64, TilePart = 0xFF90, TileData = 0xFF93, End = 0xFFD9;
    private const int MaxSegments = 100_000;

    /// <summary>JPEG XL (ISO/IEC 18181-2). A bare codestream has no metadata, and its end is not known without decoding.</summary>
    public static void AddJxl(Bytes file, EditList edits, int? orientation)
    {
        if (file.U16(0, big: true) != 0xFF0A)
            AddBoxes(file, edits, KeptOfJxl, PlainExif.IsNeeded(orientation) ? PlainExif.Of(orientation!.Value) : null);
    }

    /// <summary>JPEG 2000 (ITU-T T.800, annex I), and its codestream alone.</summary>
    public static void AddJp2(Bytes file, EditList edits)
    {
        if (file.U16(0, big: true) == 0xFF4F)
        {
            var bareEnd = CodestreamEnd(0, file.Length);
            edits.Drop(bareEnd, file.Length - bareEnd);
            return;
        }

        var boxes = AddBoxes(file, edits, KeptOfJp2);
        if (boxes.Where(box => box.Type == "jp2h").SelectMany(box => Box.Filling(file, box.Content, box.End)).Any(box => !KeptOfHeader.Contains(box.Type)))
            throw HeaderReader.Broken(); // such as a text: the header stays as it is
        if (boxes.Any(box => RefusedOfJp2.Contains(box.Type)) || boxes.Count(box => box.Type == "jp2c") != 1)
            throw HeaderReader.Broken();
        var codestream = boxes.Find(box => box.Type == "jp2c");
        var end = CodestreamEnd(codestream.Content, codestream.End);
        if (codestream.End == file.Length && file.U32(codestream.At, big: true) == 0)
            edits.Drop(end, file.Length - end); // the box goes to the end of the file
        else
            edits.Blank(end, codestream.End - end);

        // Comments become zeros where they are.
        long CodestreamEnd(long at, long limit)
        {
            at += 2;
            for (var i = 0; i < MaxSegments; i++)
            {
                var marker = file.U16(at, big: true);
                if (marker == End)
                    return at + 2;
                if (marker == TileData)
                    throw HeaderReader.Broken();
                var length = file.U16(at + 2, big: true);
                if (marker == Comment && length > 4)
                    edits.Blank(at + 6, length - 4);
                if (marker != TilePart)
                {
                    at += 2 + length;
                    continue;
                }

                var part = file.U32(at + 6, big: true);
                var partEnd = part == 0 ? limit - 2 : at + part;
                AddComments(at + 2 + length);
                at = partEnd;
            }

            throw HeaderReader.Broken();
        }

        void AddComments(long at)
        {
            for (int i = 0, marker; i < MaxSegments && (marker = file.U16(at, big: true)) != TileData; i++)
            {
                var length = file.U16(at + 2, big: true);
                if (marker == Comment && length > 4)
                    edits.Blank(at + 6, length - 4);
                at += 2 + length;
            }
        }
    }

    private static List<Box> AddBoxes(Bytes file, EditList edits, HashSet<string> kept, byte[]? exif = null)
    {
        var boxes = Box.In(file).ToList();
        if (boxes.Exists(box => box.IsCut && kept.Contains(box.Type)))
            throw new EndOfStreamException();
        var at = 0L;
        foreach (var box in boxes)
        {
            if (exif is not null && box.Type == "Exif")
            {
                edits.Replace(box.At, box.Size, [0, 0, 0, (byte)(12 + exif.Length), .. "Exif"u8, 0, 0, 0, 0, .. exif]);
                exif = null;
            }
            else if (!kept.Contains(box.Type))
            {
                edits.Drop(box.At, box.Size);
            }

            at = box.End;
        }

        edits.Drop(at, file.Length - at);
        return boxes;
    }
}
