using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.IO;

namespace ImageAspire.Imaging.Metadata;

/// <summary>An EXIF block (CIPA DC-008): a TIFF structure, with or without the six bytes that go before it in a JPEG.</summary>
internal sealed class Exif
{
    private const int MinRating = 1, MaxRating = 5, Rating5 = 0x4746; // of Windows; 0 is "not rated"

    private Exif(IReadOnlyList<MetadataExtractor.Directory> directories)
    {
        Main = directories.OfType<ExifIfd0Directory>().FirstOrDefault();
        Details = directories.OfType<ExifSubIfdDirectory>().FirstOrDefault(one => one.ContainsTag(ExifDirectoryBase.TagDateTimeOriginal))
            ?? directories.OfType<ExifSubIfdDirectory>().FirstOrDefault();
        Gps = directories.OfType<GpsDirectory>().FirstOrDefault();
    }

    /// <summary>Of the image.</summary>
    public MetadataExtractor.Directory? Main { get; }

    /// <summary>Of the exposure.</summary>
    public MetadataExtractor.Directory? Details { get; }

    /// <summary>Of the place.</summary>
    public GpsDirectory? Gps { get; }

    /// <summary>1–8; null when it is not there or impossible.</summary>
    public int? Orientation => Main is not null && Main.TryGetInt32(ExifDirectoryBase.TagOrientation, out var value) && value is >= 1 and <= 8 ? value : null;

    /// <summary>1–5; null when it is not there.</summary>
    public int? Rating => Main is not null && Main.TryGetInt32(Rating5, out var value) && value is >= MinRating and <= MaxRating ? value : null;

    /// <summary>Reads a block; null or broken gives one without entries.</summary>
    public static Exif Read(byte[]? block)
    {
        if (block is null)
            return new Exif([]);
        if (block.AsSpan().StartsWith("Exif\0\0"u8))
            block = block[6..];
        try
        {
            return new Exif(new ExifReader().Extract(new ByteArrayReader(block)));
        }
#pragma warning disable CA1031 // the reader throws undocumented exceptions on broken blocks; the image is usable without its EXIF
        catch (Exception)
#pragma warning restore CA1031
        {
            return new Exif([]);
        }
    }

    /// <summary>A text, of the exposure or of the image; null when it is not there.</summary>
    public string? Text(int tag) => Text(Details, tag) ?? Text(Main, tag);

    /// <summary>A number within bounds; null when it is not there, or is none.</summary>
    public double? Number(int tag, double min, double max) => Number(Details, tag, min, max);

    /// <summary>A number of any directory.</summary>
    public static double? Number(MetadataExtractor.Directory? directory, int tag, double min, double max)
    {
        if (directory is null)
            return null;
        // The reader's own conversion of a fraction goes through single precision: 28/10 would be 2.799999.
        var value = directory.TryGetRational(tag, out var fraction) ? (double)fraction.Numerator / fraction.Denominator
            : directory.TryGetDouble(tag, out var number) ? number : double.NaN;
        return value >= min && value <= max ? value : null;
    }

    private static string? Text(MetadataExtractor.Directory? directory, int tag) => directory?.GetString(tag)?.Trim('\0', ' ') is { Length: > 0 } text ? text : null;
}
