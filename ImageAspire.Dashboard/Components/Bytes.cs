using System.Globalization;

namespace ImageAspire.Dashboard.Components;

/// <summary>Amounts of bytes as people read them.</summary>
internal static class Bytes
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary><c>512 B</c>, <c>1.5 MiB</c>.</summary>
    public static string Text(long bytes)
    {
        double value = bytes;
        var unit = 0;
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value, unit == 0 ? 0 : 1)} {Units[unit]}");
    }
}
