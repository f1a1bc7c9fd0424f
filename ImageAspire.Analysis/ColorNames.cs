using System.Globalization;
using ImageAspire.Core.Images;

namespace ImageAspire.Analysis;

/// <summary>
/// The eleven basic colour terms of English (Berlin and Kay, "Basic Color Terms", 1969) for a colour in hue, saturation and lightness.
/// </summary>
internal static class ColorNames
{
    /// <summary>Names of the dominant colours, each once, in their order. A monochrome image has only black, grey and white.</summary>
    public static IReadOnlyList<string> OfDominant(ImageColors colors) =>
        [.. colors.Dominant.Select(c => colors.Monochrome ? GreyOf(c) : Of(c)).OfType<string>().Distinct()];

    /// <summary>The name of <c>#rrggbb</c>; null for another notation.</summary>
    public static string? Of(string color)
    {
        if (Parse(color) is not var (r, g, b))
            return null;
        double most = Math.Max(r, Math.Max(g, b)), least = Math.Min(r, Math.Min(g, b)), range = most - least;
        var lightness = (most + least) / 510;
        var saturation = range == 0 ? 0 : range / 255 / (1 - Math.Abs(2 * lightness - 1));
        if (most < 40)
            return "black";
        if (range < 22 || saturation < 0.12)
            return GreyOf(color);

        var hue = 60 * (most == r ? (g - b) / range : most == g ? 2 + (b - r) / range : 4 + (r - g) / range);
        hue = hue < 0 ? hue + 360 : hue;
        return hue switch
        {
            < 15 or >= 345 => lightness > 0.72 ? "pink" : "red",
            < 45 => lightness < 0.42 || saturation < 0.45 ? "brown" : "orange",
            < 70 => lightness < 0.3 ? "brown" : "yellow",
            < 170 => "green",
            < 255 => "blue",
            < 300 => "purple",
            _ => lightness > 0.5 ? "pink" : "purple",
        };
    }

    private static string? GreyOf(string color) => Parse(color) is not var (r, g, b) ? null
        : Math.Max(r, Math.Max(g, b)) switch { < 50 => "black", > 225 => "white", _ => "grey" };

    private static (double R, double G, double B)? Parse(string color) =>
        color is ['#', _, _, _, _, _, _] && int.TryParse(color.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            ? (rgb >> 16, (rgb >> 8) & 255, rgb & 255) : null;
}
