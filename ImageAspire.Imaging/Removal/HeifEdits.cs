using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>
/// AVIF and HEIC (ISO/IEC 23008-12). Items are found by their positions, so nothing moves: all of the data that no picture of the file is made
/// of becomes zeros, metadata and thumbnails among it, boxes that are not needed become free space, and what follows the last one goes.
/// </summary>
internal static class HeifEdits
{
    private static readonly HashSet<string> Metadata = ["Exif", "mime", "uri "];

    // Codecs, and pictures that are made of others. What another item is, is not known.
    private static readonly HashSet<string> Pictures = ["hvc1", "av01", "jpeg", "grid", "iden", "iovl", "tmap"];
    private static readonly HashSet<string> KeptInMeta = ["hdlr", "pitm", "iinf", "iref", "iloc", "iprp", "idat", "dinf", "grpl", "ipro"];
    // Properties that are descriptions and times; the others are numbers.
    private static readonly HashSet<string> Descriptions = ["udes", "uuid", "altt", "crtt", "mdft"];

    private const int Flags = 4, Count = 4; // version and flags; how many boxes follow

    // Of the kind of the items, then come its name, and of data elsewhere the address, which no decoder needs.
    private const int HandlerBytes = Flags + 8;

    private static readonly byte[] Free = [.. "free"u8];

    // Offset of the TIFF structure, then the structure.
    private static readonly byte[] EmptyExif = [0, 0, 0, 0, .. PlainExif.Empty];

    public static void Add(Bytes file, EditList edits)
    {
        var top = Box.In(file).ToList();
        if (top.Exists(box => box is { IsCut: true, Type: "ftyp" or "meta" or "mdat" }))
            throw new EndOfStreamException();
        if (top.Any(box => box.Type is "moov" or "moof") || top.Count(box => box.Type == "meta") != 1)
            throw HeaderReader.Broken(); // image sequences have positions and metadata elsewhere, too
        var meta = top.Find(box => box.Type == "meta");
        var boxes = Box.Filling(file, meta.Content + 4, meta.End);
        var items = HeifItems.Read(file, boxes);
        if (items.Values.Any(item => !Metadata.Contains(item.Type) && !Pictures.Contains(item.Type)))
            throw HeaderReader.Broken();
        foreach (var name in items.Values.Select(item => item.Name).Where(name => name.Length > 0))
            edits.Blank(name.At, name.Length);
        var thumbnails = Thumbnails(file, boxes.Find(box => box.Type == "iref"), edits);
        foreach (var id in thumbnails)
            Hide(file, items.GetValueOrDefault(id) ?? throw HeaderReader.Broken(), edits);
        foreach (var box in boxes)
            AddInMeta(file, box, edits);

        var kept = items.Where(item => !Metadata.Contains(item.Value.Type) && !thumbnails.Contains(item.Key)).SelectMany(item => item.Value.Extents).ToList();
        var exif = items.Values.Where(item => item.Type == "Exif").SelectMany(item => item.Extents.Take(1)).ToList();
        exif.ForEach(one => edits.Blank(one.At, one.Length, EmptyExif));
        kept.AddRange(exif);
        var data = top.Where(box => box.Type == "mdat" && kept.Exists(one => one.At >= box.Content && one.At + one.Length <= box.End)).ToList();
        var end = Math.Max(data.Select(box => box.End).DefaultIfEmpty(0).Max(), meta.End);
        foreach (var box in top.Where(box => box.End <= end))
        {
            if (data.Contains(box))
                edits.BlankAllBut(kept, box.Content, box.End);
            else if (box.Type is not ("ftyp" or "meta"))
                Release(box, edits);
        }

        var inMeta = boxes.Find(box => box.Type == "idat");
        if (inMeta.Size > 0)
            edits.BlankAllBut(kept, inMeta.Content, inMeta.End);
        edits.Drop(end, file.Length - end);
    }

    private static void AddInMeta(Bytes file, Box box, EditList edits)
    {
        if (!KeptInMeta.Contains(box.Type))
            Release(box, edits);
        else if (box.Type == "hdlr")
            BlankFrom(box, HandlerBytes, edits);
        else if (box.Type == "dinf")
            Inside(file, box, "dref", Flags + Count).ForEach(address => BlankFrom(address, Flags, edits));
        else if (box.Type == "iprp")
            Inside(file, box, "ipco").FindAll(property => Descriptions.Contains(property.Type)).ForEach(property => Release(property, edits));
    }

    // Their data becomes zeros, so nothing must lead to them.
    private static HashSet<uint> Thumbnails(Bytes file, Box references, EditList edits)
    {
        var thumbnails = new HashSet<uint>();
        if (references.Size == 0)
            return thumbnails;
        var wide = file.U8(references.Content) != 0;
        foreach (var reference in Box.Filling(file, references.Content + 4, references.End).Where(one => one.Type == "thmb"))
        {
            thumbnails.Add(wide ? file.U32(reference.Content, big: true) : (uint)file.U16(reference.Content, big: true));
            edits.Replace(reference.At + 4, 4, Free);
        }

        return thumbnails;
    }

    private static void Hide(Bytes file, HeifItem item, EditList edits)
    {
        var flags = file.U8(item.Flags);
        if ((flags & 1) == 0)
            edits.Replace(item.Flags, 1, [(byte)(flags | 1)]);
    }

    private static List<Box> Inside(Bytes file, Box box, string type, int head = 0) =>
        [.. Box.Filling(file, box.Content, box.End).Where(one => one.Type == type).SelectMany(one => Box.Filling(file, one.Content + head, one.End))];

    private static void BlankFrom(Box box, int kept, EditList edits) => edits.Blank(box.Content + kept, box.End - box.Content - kept);

    private static void Release(Box box, EditList edits)
    {
        edits.Replace(box.At + 4, 4, Free);
        edits.Blank(box.Content, box.End - box.Content);
    }
}
