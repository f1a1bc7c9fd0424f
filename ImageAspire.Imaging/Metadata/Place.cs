using System.Globalization;
using System.Text.RegularExpressions;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;

namespace ImageAspire.Imaging.Metadata;

/// <summary>Where a photo was taken. A place that is broken, out of range, or exactly 0, 0 (a phone without a fix) is absent.</summary>
internal static partial class Place
{
    private const double MaxLatitude = 90, MaxLongitude = 180, MaxMinutes = 60.001;
    private const int Digits = 7;

    /// <summary>By EXIF, else by XMP.</summary>
    public static ImageAspire.Core.Images.GeoLocation? Read(Exif exif, Xmp xmp)
    {
        var latitude = Degrees(exif.Gps, GpsDirectory.TagLatitude, GpsDirectory.TagLatitudeRef, "NS", MaxLatitude);
        var longitude = Degrees(exif.Gps, GpsDirectory.TagLongitude, GpsDirectory.TagLongitudeRef, "EW", MaxLongitude);
        if (latitude is null || longitude is null)
            (latitude, longitude) = (Degrees(xmp.Text(Xmp.Exif, "GPSLatitude"), "NS", MaxLatitude), Degrees(xmp.Text(Xmp.Exif, "GPSLongitude"), "EW", MaxLongitude));
        return latitude is { } north && longitude is { } east && (north, east) != (0, 0) ? new(north, east, Altitude(exif.Gps)) : null;
    }

    // −12 km is below the deepest trench, 100 km is space.
    private static double? Altitude(GpsDirectory? gps)
    {
        if (Exif.Number(gps, GpsDirectory.TagAltitude, 0, 100_000) is not { } altitude)
            return null;
        if (!gps!.TryGetInt32(GpsDirectory.TagAltitudeRef, out var below) || below != 1)
            return Math.Round(altitude, 2);
        return altitude <= 12_000 ? -Math.Round(altitude, 2) : null;
    }

    private static double? Degrees(GpsDirectory? gps, int tag, int sideTag, string sides, double limit)
    {
        var side = gps?.GetString(sideTag)?.Trim('\0', ' ').ToUpperInvariant();
        if (side is not { Length: 1 } || !sides.Contains(side[0]) || gps!.GetRationalArray(tag) is not [var d, var m, var s])
            return null;
        // Some cameras write the seconds as 0/0 when the minutes have a fraction.
        return Signed(Value(d), Value(m), s.Denominator == 0 && s.Numerator == 0 ? 0 : Value(s), side[0] == sides[1], limit);
    }

    // "DDD,MM.mmk" or "DDD,MM,SSk" (XMP specification, part 2).
    private static double? Degrees(string? text, string sides, double limit)
    {
        if (text is null || XmpDegrees().Match(text.Trim()) is not { Success: true } match)
            return null;
        double Group(string name) => match.Groups[name] is { Success: true } group ? double.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
        var side = char.ToUpperInvariant(match.Groups["side"].Value[0]);
        return sides.Contains(side) ? Signed(Group("degrees"), Group("minutes"), Group("seconds"), side == sides[1], limit) : null;
    }

    // The reader takes 0/0, which means unknown, for 0. As a quotient it is NaN, and every comparison with that is false.
    private static double Value(Rational fraction) => (double)fraction.Numerator / fraction.Denominator;

    private static double? Signed(double degrees, double minutes, double seconds, bool isNegative, double limit)
    {
        var value = degrees + minutes / 60 + seconds / 3600;
        if (!(value >= 0 && value <= limit && minutes is >= 0 and < MaxMinutes && seconds is >= 0 and < MaxMinutes))
            return null;
        return Math.Round(isNegative ? -value : value, Digits);
    }

    [GeneratedRegex(@"\A(?<degrees>[0-9]{1,3}),(?<minutes>[0-9]{1,2}(?:\.[0-9]{1,12})?)(?:,(?<seconds>[0-9]{1,2}(?:\.[0-9]{1,12})?))?\s*(?<side>[NSEWnsew])\z", RegexOptions.CultureInvariant)]
    private static partial Regex XmpDegrees();
}
