namespace ImageAspire.Core.Images;

/// <summary>
/// The eleven basic colour terms of English (Berlin and Kay, "Basic Color Terms", 1969) for a colour in hue, saturation and lightness.
/// </summary>
public static class BasicColors
{
    /// <summary>The name of an sRGB colour, each channel 0–255.</summary>
    public static string NameOf(byte red, byte green, byte blue)
    {
        double most = Math.Max(red, Math.Max(green, blue)), least = Math.Min(red, Math.Min(green, blue)), range = most - least;
        var lightness = (most + least) / 510;
        var saturation = range == 0 ? 0 : range / 255 / (1 - Math.Abs(2 * lightness - 1));
        if (most < 40)
            return "black";
        if (range < 22 || saturation < 0.12)
            return GreyOf(red, green, blue);

        var hue = 60 * (most == red ? (green - blue) / range : most == green ? 2 + (blue - red) / range : 4 + (red - green) / range);
        return (hue < 0 ? hue + 360 : hue) switch
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

    /// <summary>Black, grey or white, whichever is nearest to a colour of an image without hues.</summary>
    public static string GreyOf(byte red, byte green, byte blue) =>
        Math.Max(red, Math.Max(green, blue)) switch { < 50 => "black", > 225 => "white", _ => "grey" };

    /// <summary>Whether a name is one of black, grey and white.</summary>
    public static bool IsGrey(string name) => name is "black" or "grey" or "white";
}
