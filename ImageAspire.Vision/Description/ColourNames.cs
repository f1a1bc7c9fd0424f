namespace ImageAspire.Vision.Description;

/// <summary>Names of colours: the eleven basic colour terms (Berlin and Kay, 1969).</summary>
internal static class ColourNames
{
    private static readonly string[] Greys = ["black", "grey", "white"];

    /// <summary>Whether a name is one of black, grey, white.</summary>
    public static bool IsGrey(string name) => Greys.Contains(name);

    /// <summary>The name of an sRGB colour.</summary>
    public static string Of(byte red, byte green, byte blue)
    {
        int most = Math.Max(red, Math.Max(green, blue)), least = Math.Min(red, Math.Min(green, blue)), range = most - least;
        var light = (most + least) / 510.0;
        var saturation = range == 0 ? 0 : range / 255.0 / (1 - Math.Abs(2 * light - 1));
        if (most < 40)
            return "black";
        if (range < 22 || saturation < 0.12)
            return most < 50 ? "black" : most > 225 ? "white" : "grey";
        var turn = most == red ? (double)(green - blue) / range : most == green ? 2 + (double)(blue - red) / range : 4 + (double)(red - green) / range;
        return ((60 * turn + 360) % 360) switch
        {
            < 15 or >= 345 => light > 0.72 ? "pink" : "red",
            < 45 => light < 0.42 || saturation < 0.45 ? "brown" : "orange",
            < 70 => light < 0.3 ? "brown" : "yellow",
            < 170 => "green",
            < 255 => "blue",
            < 300 => "purple",
            _ => light > 0.5 ? "pink" : "purple",
        };
    }

    /// <summary>CIE L* of an sRGB colour, 0–1 (IEC 61966-2-1 and CIE 15).</summary>
    public static double LightnessOf(byte red, byte green, byte blue)
    {
        var y = 0.2126 * Linear(red) + 0.7152 * Linear(green) + 0.0722 * Linear(blue);
        return (y > 216.0 / 24389 ? 116 * Math.Cbrt(y) - 16 : y * 24389 / 27) / 100;
    }

    private static double Linear(byte value) => value / 255.0 is <= 0.04045 and var dark ? dark / 12.92 : Math.Pow((value / 255.0 + 0.055) / 1.055, 2.4);
}
