using System.Globalization;
using ImageAspire.Core.Images;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Iptc;

namespace ImageAspire.Imaging.Metadata;

/// <summary>What a file says about its image, from EXIF, XMP and IPTC together. Everything is data of an untrusted file.</summary>
internal sealed record FileMetadata(int? Orientation, TakenTime? Taken, CameraInfo? Camera, ImageAspire.Core.Images.GeoLocation? Location, ImageMetadata? Descriptive)
{
    private const int MaxKeywords = 100;

    // EXIF: offsets and fractions of a second, beside the two dates.
    private const int OffsetOriginal = 0x9011, OffsetDigitized = 0x9012, FractionOriginal = 0x9291, FractionDigitized = 0x9292;
    private const int Artist = ExifDirectoryBase.TagArtist, Copyright = ExifDirectoryBase.TagCopyright, ImageDescription = ExifDirectoryBase.TagImageDescription;

    /// <summary>Reads the blocks of a file; each may be missing or broken.</summary>
    /// <param name="exifBlock">EXIF.</param>
    /// <param name="xmpPacket">XMP.</param>
    /// <param name="iptcBlock">IPTC, alone or in Photoshop's resources.</param>
    /// <param name="now">For dates that lie in the future.</param>
    public static FileMetadata Read(byte[]? exifBlock, byte[]? xmpPacket, byte[]? iptcBlock, DateTimeOffset now)
    {
        var (exif, xmp, iptc) = (Exif.Read(exifBlock), Xmp.Read(xmpPacket), Iptc.Read(iptcBlock));
        return new FileMetadata(exif.Orientation, TakenOf(exif, xmp, iptc, now), ExifCamera.Read(exif, xmp), Place.Read(exif, xmp), DescriptiveOf(exif, xmp, iptc));
    }

    // The first that can be read. The date of creation in XMP comes last: it can be that of a document.
    private static TakenTime? TakenOf(Exif exif, Xmp xmp, Iptc iptc, DateTimeOffset now) =>
        TakenTime.Parse(exif.Text(ExifDirectoryBase.TagDateTimeOriginal), now, exif.Text(OffsetOriginal), exif.Text(FractionOriginal))
        ?? TakenTime.Parse(exif.Text(ExifDirectoryBase.TagDateTimeDigitized), now, exif.Text(OffsetDigitized), exif.Text(FractionDigitized))
        ?? TakenTime.Parse(xmp.Text(Xmp.Exif, "DateTimeOriginal"), now)
        ?? TakenTime.Parse(xmp.Text(Xmp.Photoshop, "DateCreated"), now)
        ?? TakenTime.Parse(iptc.Date, now)
        ?? TakenTime.Parse(GpsTime(exif.Gps), now)
        ?? TakenTime.Parse(xmp.Text(Xmp.Basic, "CreateDate"), now);

    private static string? GpsTime(GpsDirectory? gps) =>
        gps?.GetString(GpsDirectory.TagDateStamp)?.Trim('\0', ' ') is { Length: > 0 } date && gps.GetRationalArray(GpsDirectory.TagTimeStamp) is [var hour, var minute, var second]
            ? string.Create(CultureInfo.InvariantCulture, $"{date} {(int)hour.ToDouble():00}:{(int)minute.ToDouble():00}:{(int)second.ToDouble():00}Z") : null;

    private static ImageMetadata? DescriptiveOf(Exif exif, Xmp xmp, Iptc iptc)
    {
        var keywords = Keywords(xmp, iptc);
        var metadata = new ImageMetadata(
            MetadataText.Clean(xmp.Localized(Xmp.DublinCore, "title") ?? iptc.Text(IptcDirectory.TagObjectName)),
            MetadataText.Clean(xmp.Localized(Xmp.DublinCore, "description") ?? iptc.Text(IptcDirectory.TagCaption) ?? exif.Text(ImageDescription), MetadataText.Long),
            keywords.Count > 0 ? keywords : null,
            Rating(xmp) ?? exif.Rating,
            MetadataText.Clean(xmp.Items(Xmp.DublinCore, "creator") is { Count: > 0 } creators ? string.Join(", ", creators) : iptc.Text(IptcDirectory.TagByLine) ?? exif.Text(Artist)),
            MetadataText.Clean(xmp.Localized(Xmp.DublinCore, "rights") ?? iptc.Text(IptcDirectory.TagCopyrightNotice) ?? exif.Text(Copyright)));
        return metadata == new ImageMetadata() ? null : metadata;
    }

    // Of a hierarchy ("Places|Iceland|Vik") the last word is meant.
    private static List<string> Keywords(Xmp xmp, Iptc iptc) => [.. xmp.Items(Xmp.DublinCore, "subject")
        .Concat(xmp.Items(Xmp.Lightroom, "hierarchicalSubject").Select(path => path.Split('|')[^1]))
        .Concat(iptc.Keywords)
        .Select(word => MetadataText.Clean(word)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxKeywords)];

    // 0 is "not rated", −1 "rejected".
    private static int? Rating(Xmp xmp) =>
        double.TryParse(xmp.Text(Xmp.Basic, "Rating"), NumberStyles.Float, CultureInfo.InvariantCulture, out var rating) && rating is >= 1 and <= 5 ? (int)rating : null;
}
