using System.Globalization;

namespace ImageAspire.Dashboard.Components.Text;

/// <summary>Times and numbers as the pages write them: the same everywhere, whatever the culture of the process.</summary>
public static class Display
{
    private const long Second = 1_000_000_000;

    /// <summary>A duration, in three digits or two units: <c>850 ns</c>, <c>12.3 ms</c>, <c>2 m 5 s</c>.</summary>
    /// <param name="nanoseconds">How long; negative ones get a minus.</param>
    public static string Duration(long nanoseconds)
    {
        if (nanoseconds < 0)
            return "−" + Duration(nanoseconds == long.MinValue ? long.MaxValue : -nanoseconds);
        // What would be rounded up to the next unit is written in it: never "1000 ms".
        if (nanoseconds < 1_000)
            return $"{nanoseconds} ns";
        if (nanoseconds < 999_500)
            return $"{Number(nanoseconds / 1e3)} µs";
        if (nanoseconds < 999_500_000)
            return $"{Number(nanoseconds / 1e6)} ms";
        if (nanoseconds < 59_950_000_000)
            return $"{Number(nanoseconds / 1e9)} s";
        var seconds = (nanoseconds + (Second / 2)) / Second;
        return seconds < 3_600 ? $"{seconds / 60} m {seconds % 60} s"
            : seconds < 86_400 ? $"{seconds / 3_600} h {seconds % 3_600 / 60} m"
            : $"{seconds / 86_400} d {seconds % 86_400 / 3_600} h";
    }

    /// <summary>A number in about three digits, with thousands separated: <c>0.0123</c>, <c>12.3</c>, <c>12,345</c>.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
            return value > 0 ? "∞" : value < 0 ? "−∞" : "no number";
        var size = Math.Abs(value);
        if (size is > 0 and (< 0.0001 or >= 1e12))
            return value.ToString("0.##e0", CultureInfo.InvariantCulture);
        var format = size >= 99.95 ? "#,0" : size >= 9.995 ? "0.#" : size >= 1 ? "0.##" : size >= 0.1 ? "0.###" : "0.#####";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A whole number with thousands separated.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>"1 span", "2 spans".</summary>
    public static string Count(long value, string word) => $"{Count(value)} {word}{(value == 1 ? "" : "s")}";

    /// <summary>The moment, in UTC and to the millisecond, as <c>datetime</c> attributes want it.</summary>
    /// <param name="nanoseconds">Since 1970-01-01 UTC.</param>
    public static string Machine(long nanoseconds) => Moment(nanoseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time of day.</summary>
    public static string TimeOfDay(long nanoseconds, TimeZoneInfo zone, string format = "HH:mm:ss.fff") =>
        TimeZoneInfo.ConvertTime(Moment(nanoseconds), zone).ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Date and time.</summary>
    public static string DateAndTime(long nanoseconds, TimeZoneInfo zone) => TimeOfDay(nanoseconds, zone, "yyyy-MM-dd HH:mm:ss.fff zzz");

    /// <summary>A share as a length in style attributes: <c>12.34%</c>.</summary>
    public static string Percent(double share) => (Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1) * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    // A long holds the years 1677 to 2262, which is well within what DateTimeOffset holds.
    private static DateTimeOffset Moment(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
}
