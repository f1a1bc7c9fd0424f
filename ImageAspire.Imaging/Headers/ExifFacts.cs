using System.Globalization;
using System.Text;
using ImageAspire.Core.Images;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.IO;
using GeoLocation = ImageAspire.Core.Images.GeoLocation;

namespace ImageAspire.Imaging.Headers;

/// <summary>The few facts of an EXIF block (CIPA DC-008) that a record keeps. A fact that is broken, impossible or out of range is absent.</summary>
internal sealed record ExifFacts(int? Orientation = null, DateTimeOffset? TakenAt = null, CameraInfo? Camera = null, GeoLocation? Location = null)
{
    private const int MaxText = 200;

    // Photography is no older; the clock of a camera may be a time zone ahead.
    private const int FirstYear = 1826;
    private static readonly TimeSpan MaxClockAhead = TimeSpan.FromDays(1);

    private const int OffsetTimeOriginal = 0x9011;

    /// <summary>Reads a block; null or broken gives no facts.</summary>
    /// <param name="exif">A TIFF structure, with or without the six bytes that go before it in a JPEG.</param>
    /// <param name="now">For dates that lie in the future.</param>
    public static ExifFacts Read(byte[]? exif, DateTimeOffset now)
    {
        if (exif is null)
            return new ExifFacts();
        if (exif.AsSpan().StartsWith("Exif\0\0"u8))
            exif = exif[6..];
        try
        {
            var directories = new ExifReader().Extract(new ByteArrayReader(exif));
            var main = directories.OfType<ExifIfd0Directory>().FirstOrDefault();
            var details = directories.OfType<ExifSubIfdDirectory>().FirstOrDefault();
            var gps = directories.OfType<GpsDirectory>().FirstOrDefault();
            return new ExifFacts(OrientationOf(main), TakenAtOf(details, now), CameraOf(main, details), LocationOf(gps));
        }
#pragma warning disable CA1031 // the reader throws undocumented exceptions on broken blocks; the image is usable without its EXIF
        catch (Exception)
#pragma warning restore CA1031
        {
            return new ExifFacts();
        }
    }

    private static int? OrientationOf(MetadataExtractor.Directory? main) =>
        main is not null && main.TryGetInt32(ExifDirectoryBase.TagOrientation, out var value) && value is >= 1 and <= 8 ? value : null;

    private static DateTimeOffset? TakenAtOf(MetadataExtractor.Directory? details, DateTimeOffset now)
    {
        if (!DateTime.TryParseExact(details?.GetString(ExifDirectoryBase.TagDateTimeOriginal)?.Trim('\0', ' '), "yyyy:MM:dd HH:mm:ss",
                CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year < FirstYear || local.Year > 9000)
        {
            return null;
        }

        var taken = new DateTimeOffset(local, OffsetOf(details!));
        return taken <= now + MaxClockAhead ? taken : null;
    }

    private static TimeSpan OffsetOf(MetadataExtractor.Directory details)
    {
        var text = details.GetString(OffsetTimeOriginal)?.Trim('\0', ' ');
        return text is ['+' or '-', ..] && TimeSpan.TryParseExact(text[1..], "hh\\:mm", CultureInfo.InvariantCulture, out var offset) && offset <= TimeSpan.FromHours(14)
            ? (text[0] == '-' ? -offset : offset) : TimeSpan.Zero;
    }

    private static CameraInfo? CameraOf(MetadataExtractor.Directory? main, MetadataExtractor.Directory? details)
    {
        var camera = new CameraInfo(
            Text(main, ExifDirectoryBase.TagMake), Text(main, ExifDirectoryBase.TagModel), Text(details, ExifDirectoryBase.TagLensModel),
            Number(details, ExifDirectoryBase.TagFNumber, 0.1, 1000), Number(details, ExifDirectoryBase.TagExposureTime, 1e-7, 1e6),
            Number(details, ExifDirectoryBase.TagIsoEquivalent, 1, 10_000_000) is { } iso ? (int)iso : null,
            Number(details, ExifDirectoryBase.TagFocalLength, 0.1, 100_000),
            details is not null && details.TryGetInt32(ExifDirectoryBase.TagFlash, out var flash) ? (flash & 1) == 1 : null);
        return camera == new CameraInfo() ? null : camera;
    }

    private static GeoLocation? LocationOf(GpsDirectory? gps)
    {
        if (gps is null || Degrees(gps, GpsDirectory.TagLatitude, GpsDirectory.TagLatitudeRef, "NS", 90) is not { } latitude
            || Degrees(gps, GpsDirectory.TagLongitude, GpsDirectory.TagLongitudeRef, "EW", 180) is not { } longitude)
        {
            return null;
        }

        // −12 km is below the deepest trench, 100 km is space.
        var altitude = Number(gps, GpsDirectory.TagAltitude, 0, 100_000);
        if (altitude is not null && gps.TryGetInt32(GpsDirectory.TagAltitudeRef, out var below) && below == 1)
            altitude = altitude <= 12_000 ? -altitude : null;
        return new GeoLocation(latitude, longitude, altitude is { } a ? Math.Round(a, 2) : null);
    }

    private static double? Degrees(GpsDirectory gps, int tag, int sideTag, string sides, double limit)
    {
        var side = gps.GetString(sideTag)?.Trim('\0', ' ').ToUpperInvariant();
        if (side is not { Length: 1 } || !sides.Contains(side[0]) || gps.GetRationalArray(tag) is not [var d, var m, var s])
            return null;
        var (minutes, seconds) = (m.ToDouble(), s.ToDouble());
        var value = d.ToDouble() + minutes / 60 + seconds / 3600;
        // "0/0" means unknown and is NaN; every comparison with NaN is false.
        if (!(value >= 0 && value <= limit && minutes is >= 0 and < 60.001 && seconds is >= 0 and < 60.001))
            return null;
        return Math.Round(side[0] == sides[1] ? -value : value, 7);
    }

    private static double? Number(MetadataExtractor.Directory? directory, int tag, double min, double max)
    {
        if (directory is null)
            return null;
        // The reader's own conversion of a fraction goes through single precision: 28/10 would be 2.799999.
        var value = directory.TryGetRational(tag, out var fraction) ? (double)fraction.Numerator / fraction.Denominator
            : directory.TryGetDouble(tag, out var number) ? number : double.NaN;
        return value >= min && value <= max ? value : null;
    }

    private static string? Text(MetadataExtractor.Directory? directory, int tag)
    {
        var raw = directory?.GetString(tag);
        if (raw is null)
            return null;
        var text = new StringBuilder();
        foreach (var rune in raw.EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > MaxText)
                break;
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse) && rune != Rune.ReplacementChar)
                text.Append(rune.ToString());
        }

        var trimmed = text.ToString().Trim();
        return trimmed.Length == 0 ? null : trimmed;
    }
}
