using static ImageAspire.Tests.Imaging.TiffWriter;

namespace ImageAspire.Tests.Imaging;

/// <summary>EXIF blocks (CIPA DC-008) for test images; what is not given is absent.</summary>
internal static class ExifWriter
{
    public static byte[] Write(
        ushort? orientation = null, string? make = null, string? model = null, string? taken = null, string? offset = null,
        (double Latitude, double Longitude)? place = null, IEnumerable<Tag>? more = null, IEnumerable<Tag>? moreGps = null)
    {
        List<Tag> main = [], exif = [.. more ?? []], gps = [.. moreGps ?? []];
        if (orientation is { } o)
            main.Add(Tag.Shorts(0x0112, o));
        if (make is not null)
            main.Add(Tag.Text(0x010F, make));
        if (model is not null)
            main.Add(Tag.Text(0x0110, model));
        if (taken is not null)
            exif.Add(Tag.Text(0x9003, taken));
        if (offset is not null)
            exif.Add(Tag.Text(0x9011, offset));
        if (place is var (latitude, longitude))
        {
            gps.AddRange([Tag.Text(1, latitude < 0 ? "S" : "N"), Degrees(2, latitude), Tag.Text(3, longitude < 0 ? "W" : "E"), Degrees(4, longitude)]);
        }

        // The two pointers have a fixed size, so the lengths can be computed first.
        var mainLength = Directory(8, [.. main, Tag.Number(0x8769, 0), Tag.Number(0x8825, 0)]).Length;
        var exifBytes = Directory(8 + mainLength, exif);
        var gpsAt = 8 + mainLength + exifBytes.Length;
        var mainBytes = Directory(8, [.. main, Tag.Number(0x8769, 8 + mainLength), Tag.Number(0x8825, gpsAt)]);
        return [.. "II"u8, 42, 0, 8, 0, 0, 0, .. mainBytes, .. exifBytes, .. Directory(gpsAt, gps)];
    }

    private static Tag Degrees(ushort id, double value)
    {
        value = Math.Abs(value);
        var degrees = Math.Floor(value);
        var minutes = Math.Floor((value - degrees) * 60);
        var seconds = (value - degrees - minutes / 60) * 3600;
        return Tag.Rationals(id, ((uint)degrees, 1), ((uint)minutes, 1), ((uint)Math.Round(seconds * 10000), 10000));
    }
}
