using System.Globalization;
using ImageAspire.Core.Images;

namespace ImageAspire.Analysis;

/// <summary>Names of the colours of an image.</summary>
internal static class ColorNames
{
    /// <summary>Names of the dominant colours, each once, in their order. A monochrome image has only black, grey and white.</summary>
    public static IReadOnlyList<string> OfDominant(ImageColors colors) =>
        [.. colors.Dominant.Select(c => colors.Monochrome ? Of(c, BasicColors.GreyOf) : Of(c)).OfType<string>().Distinct()];

    /// <summary>The name of <c>#rrggbb</c>; null for another notation.</summary>
    public static string? Of(string color) => Of(color, BasicColors.NameOf);

    private static string? Of(string color, Func<byte, byte, byte, string> name) =>
        color is ['#', _, _, _, _, _, _] && int.TryParse(color.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            ? name((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb) : null;
}
