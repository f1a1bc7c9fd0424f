using System.Globalization;
using System.Text.RegularExpressions;

namespace ImageAspire.Imaging.Metadata;

/// <summary>When a photo was taken.</summary>
/// <param name="Local">The wall clock there, without a zone.</param>
/// <param name="Offset">What the clock was ahead of UTC; null when the file does not say.</param>
internal sealed partial record TakenTime(DateTime Local, TimeSpan? Offset)
{
    // Photography is no older; the clock of a camera may be a time zone ahead.
    private const int FirstYear = 1826, LastYear = 9000;
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxOffset = TimeSpan.FromHours(14);

    /// <summary>The instant; null without an offset.</summary>
    public DateTimeOffset? Instant => Offset is { } offset ? new DateTimeOffset(Local, offset) : null;

    /// <summary>Reads a date as cameras and programs write it: EXIF's colons, dashes, slashes, ISO 8601, with or without a time.</summary>
    /// <param name="text">The date; null, impossible or in the future gives null.</param>
    /// <param name="now">The present.</param>
    /// <param name="offset">The offset from another field, for a text without one.</param>
    /// <param name="fraction">Digits of the fraction of a second from another field, for a text without them.</param>
    public static TakenTime? Parse(string? text, DateTimeOffset now, string? offset = null, string? fraction = null)
    {
        if (text is null || Date().Match(text.Replace('\0', ' ').Trim()) is not { Success: true } match)
            return null;
        int Number(string name) => match.Groups[name] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
        var (year, month, day) = (Number("year"), Number("month"), Number("day"));
        var (hour, minute, second) = (Number("hour"), Number("minute"), Number("second"));
        if (year is < FirstYear or > LastYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
            return null;
        var local = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Unspecified) + Fraction(match.Groups["fraction"].Value is { Length: > 0 } digits ? digits : fraction);
        var taken = new TakenTime(local, ParseOffset(match.Groups["zone"] is { Success: true } zone ? zone.Value : offset));
        return new DateTimeOffset(local, taken.Offset ?? TimeSpan.Zero) <= now + MaxAhead ? taken : null;
    }

    private static TimeSpan Fraction(string? digits)
    {
        digits = digits?.Trim('\0', ' ');
        return digits is { Length: > 0 and < 20 } && digits.All(char.IsAsciiDigit)
            ? TimeSpan.FromMilliseconds(Math.Floor(double.Parse($"0.{digits}", CultureInfo.InvariantCulture) * 1000 + 1e-6)) : TimeSpan.Zero;
    }

    private static TimeSpan? ParseOffset(string? text)
    {
        text = text?.Trim('\0', ' ');
        if (text is "Z" or "UTC")
            return TimeSpan.Zero;
        if (text is null || Zone().Match(text) is not { Success: true } match)
            return null;
        var (hours, minutes) = (int.Parse(match.Groups["hours"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups["minutes"].ValueSpan, CultureInfo.InvariantCulture));
        var offset = new TimeSpan(hours, minutes, 0);
        return minutes > 59 || offset > MaxOffset ? null : match.Groups["sign"].Value == "-" ? -offset : offset;
    }

    // [0-9], because \d takes the digits of every script, which numbers are not parsed from.
    [GeneratedRegex(@"\A(?<year>[0-9]{4})[:\-/.]?(?<month>[0-9]{2})[:\-/.]?(?<day>[0-9]{2})(?:[T\s]+(?<hour>[0-9]{1,2}):?(?<minute>[0-9]{2})(?::?(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]{1,9}))?)?\s*(?<zone>Z|UTC|[+\-][0-9]{2}:?[0-9]{2})?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Date();

    [GeneratedRegex(@"\A(?<sign>[+\-])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Zone();
}
