using System.Buffers;
using System.Globalization;
using NetVips;

namespace ImageAspire.Imaging.Vips;

/// <summary>
/// Metadata in the texts of a PNG. ImageMagick began to write there what the format has no chunk of its own for; exiftool, exiv2 and the programs
/// that use them followed: IPTC to this day, EXIF until the format got one.
/// </summary>
internal static class PngProfiles
{
    private const int MaxBytes = 1 << 20;

    /// <summary>The block under the first of these names; null when there is none, or a longer one than 1 MiB.</summary>
    public static byte[]? PngProfile(this Image image, params ReadOnlySpan<string> names)
    {
        var fields = image.GetFields();
        foreach (var name in names)
        {
            if (Array.Find(fields, field => field.StartsWith("png-comment-", StringComparison.Ordinal) && field.EndsWith($"-Raw profile type {name}", StringComparison.Ordinal)) is { } field)
                return image.Get(field) is string text ? Parse(text) : null;
        }

        return null;
    }

    // A line with the name again, one with how many bytes there are, and the bytes as hexadecimal digits in lines.
    private static byte[]? Parse(string text)
    {
        if (text.Length > MaxBytes * 3 || text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not [_, var count, .. var lines]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length is 0 or > MaxBytes)
        {
            return null;
        }

        var bytes = new byte[length];
        return Convert.FromHexString(string.Concat(lines), bytes, out _, out var written) == OperationStatus.Done && written == length ? bytes : null;
    }
}
