using ImageAspire.Core.Images;
using ImageAspire.Tests.Imaging;
using static ImageAspire.Tests.Imaging.TiffWriter;

namespace ImageAspire.Tests.Hostile;

/// <summary>Raw files of cameras: directories in circles, and previews that are elsewhere, huge, or something else.</summary>
internal static class HostileRaw
{
    private const ushort Sub = 330, JpegAt = 513, JpegLength = 514;

    private static readonly Tag Version = new(50706, 1, 4, [1, 4, 0, 0]);

    public static IEnumerable<HostileFile> Files()
    {
        yield return new("RAW whose directory is below itself", Raw([Tag.Number(Sub, 8)]), FailureCodes.UnsupportedVariant);
        yield return new("RAW whose directory is its own next", Raw([], next: 8), FailureCodes.UnsupportedVariant);
        yield return new("RAW with 1,000,000,000 directories below it", Raw([new Tag(Sub, Long, 1_000_000_000, BitConverter.GetBytes(8))]), FailureCodes.UnsupportedVariant);
        yield return new("RAW with 100,000 directories below it", Raw([new Tag(Sub, Long, 100_000, [.. Enumerable.Range(0, 100_000).SelectMany(i => BitConverter.GetBytes(8 + i))])]));
        yield return new("RAW with directories below each other", Nested(100));
        yield return new("RAW with a chain of 5,000 directories", Chain(5000), FailureCodes.UnsupportedVariant);
        yield return new("RAW with directories past the end", Raw([Tag.Number(Sub, int.MaxValue)], next: -2), FailureCodes.Truncated);
        yield return new("RAW with a preview past the end", Raw([Tag.Number(JpegAt, int.MaxValue), Tag.Number(JpegLength, 1000)]), FailureCodes.Truncated);
        yield return new("RAW with a preview at −1", Raw([Tag.Number(JpegAt, -1), Tag.Number(JpegLength, -1)]), FailureCodes.Truncated);
        yield return new("RAW whose preview is itself", Raw([Tag.Number(JpegAt, 8), Tag.Number(JpegLength, 60)]), FailureCodes.UnsupportedVariant);
        yield return new("RAW whose preview is a PNG", RawWriter.Dng(new(TestImages.Png())), FailureCodes.UnsupportedVariant);
        yield return new("RAW whose preview is a RAW", RawWriter.Nef(new(RawWriter.Cr2(new(TestImages.Jpeg())))), FailureCodes.UnsupportedVariant);
        yield return new("RAW whose preview is of 65,500 × 65,500", RawWriter.PreviewLast(Sized(65_500, 65_500)), FailureCodes.TooManyPixels);
        yield return new("RAW whose preview is of 0 × 0", RawWriter.PreviewLast(Sized(0, 0)), FailureCodes.UnsupportedVariant);
        yield return new("RAW with a preview of 4 GB", RawWriter.Nef(new(TestImages.Jpeg(), More: [Tag.Number(JpegAt, 8), Tag.Number(JpegLength, -1)])));
        foreach (var file in HostileJpeg.Files())
            yield return new($"RAW with a {file.Name}", RawWriter.Arw(new(file.Bytes)));
        yield return new("RAW whose sensor is of 2³¹ × 2³¹", Raw([Tag.Number(256, int.MinValue), Tag.Number(257, int.MinValue), Tag.Number(262, 32803)]), FailureCodes.TooManyPixels);
        yield return new("RAW with text of 4 GB", RawWriter.Dng(new(TestImages.Jpeg(), More: [new Tag(270, Ascii, -1, BitConverter.GetBytes(8))])));
        yield return new("RAW with 4,000 texts of the same 60 KB", Texts(4000));
    }

    private static byte[] Raw(Tag[] tags, int next = 0) => [.. "II"u8, 42, 0, 8, 0, 0, 0, .. Directory(8, [.. Size.Where(one => !tags.Any(tag => tag.Id == one.Id)), Version, .. tags], next)];

    private static Tag[] Size => [Tag.Number(256, 64), Tag.Number(257, 48)];

    // A JPEG that says another size.
    private static byte[] Sized(int width, int height)
    {
        byte[] file = TestImages.Jpeg(), frame = [0xFF, 0xC0];
        var at = file.AsSpan().IndexOf(frame) + 5;
        (file[at], file[at + 1], file[at + 2], file[at + 3]) = ((byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width);
        return file;
    }

    private static byte[] Nested(int depth)
    {
        var file = new List<byte>([.. "II"u8, 42, 0, 8, 0, 0, 0]);
        for (var i = 0; i < depth; i++)
        {
            var length = Directory(file.Count, [.. Size, Version, Tag.Number(Sub, 0)]).Length;
            file.AddRange(Directory(file.Count, [.. Size, Version, Tag.Number(Sub, file.Count + length)]));
        }

        return [.. file];
    }

    private static byte[] Chain(int directories)
    {
        var file = new List<byte>([.. "II"u8, 42, 0, 8, 0, 0, 0]);
        for (var i = 0; i < directories; i++)
        {
            var length = Directory(file.Count, [.. Size, Version]).Length;
            file.AddRange(Directory(file.Count, [.. Size, Version], i + 1 < directories ? file.Count + length : 0));
        }

        return [.. file];
    }

    private static byte[] Texts(int count)
    {
        const int Length = 60_000;
        var directory = Directory(8 + Length, [.. Size, Version, .. Enumerable.Range(1000, count).Where(tag => tag is not 50706).Select(tag => new Tag((ushort)tag, Ascii, Length, BitConverter.GetBytes(8)))]);
        return [.. "II"u8, 42, 0, .. BitConverter.GetBytes(8 + Length), .. Enumerable.Repeat((byte)'a', Length), .. directory];
    }
}
