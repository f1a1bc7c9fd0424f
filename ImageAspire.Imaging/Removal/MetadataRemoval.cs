using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Metadata;

namespace ImageAspire.Imaging.Removal;

/// <summary>Finds out what has to change in a file so that it is the same picture without metadata, and checks that it is.</summary>
internal static class MetadataRemoval
{
    private static readonly DateTimeOffset AnyTime = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The edits; null when there are none that are known to be right.</summary>
    /// <param name="file">The original; can seek.</param>
    /// <param name="format">What it is.</param>
    /// <param name="header">What its header says, as stored.</param>
    /// <param name="read">Reads the header of another file in the same way.</param>
    /// <param name="isSame">Decodes another file, and compares its pixels with those of this one.</param>
    public static IReadOnlyList<MetadataEdit>? Find(Stream file, ImageFormat format, RawHeader header, Func<Stream, RawHeader> read, Func<Stream, bool> isSame)
    {
        if (header.CameraRaw is not null)
            return null; // what a raw decoder needs is in the metadata
        try
        {
            var edits = new EditList(file.Length);
            Add(file, format, edits, header.Orientation);
            if (edits.ToList() is not { } list)
                return null;
            // The bytes of a HEIF's pictures are never touched, and to decode one twice takes long.
            return IsRight(header, read(new EditedStream(file, list)), format) && (list.Count == 0 || BrokenImage.IsHeif(format) || isSame(new EditedStream(file, list))) ? list : null;
        }
        catch (Exception error) when (error is EndOfStreamException or UnusableImageException)
        {
            return null;
        }
    }

    private static void Add(Stream stream, ImageFormat format, EditList edits, int? orientation)
    {
        var file = new Bytes(stream);
        switch (format.Name)
        {
            case "jpeg": JpegEdits.Add(stream, edits, orientation); break;
            case "png": PngEdits.Add(file, edits, orientation); break;
            case "webp": WebpEdits.Add(file, edits, orientation); break;
            case "gif": GifEdits.Add(file, edits); break;
            case "bmp": BmpEdits.Add(file, edits); break;
            case "tiff": TiffEdits.Add(file, edits); break;
            case "avif" or "heic": HeifEdits.Add(file, edits); break;
            case "jxl": BoxEdits.AddJxl(file, edits, orientation); break;
            case "jp2": BoxEdits.AddJp2(file, edits); break;
            case "psd": PsdEdits.Add(file, edits, orientation); break;
            default: throw HeaderReader.Broken();
        }
    }

    private static bool IsRight(RawHeader before, RawHeader after, ImageFormat format)
    {
        var metadata = FileMetadata.Read(after.Exif, after.Xmp, after.Iptc, AnyTime);
        return (before.Width, before.Height, before.Frames, before.Orientation ?? 1) == (after.Width, after.Height, after.Frames, after.Orientation ?? 1)
            && before.Icc.AsSpan().SequenceEqual(after.Icc)
            && (format == ImageFormat.Tiff || PlainExif.Is(after.Exif)) // a TIFF is an EXIF block itself
            && PlainExif.Is(after.Xmp) && PlainExif.Is(after.Iptc)
            && metadata is { Taken: null, Camera: null, Location: null, Descriptive: null };
    }
}
