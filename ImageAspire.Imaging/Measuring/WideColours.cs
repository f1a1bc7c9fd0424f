using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Vips;
using NetVips;

namespace ImageAspire.Imaging.Measuring;

/// <summary>
/// Makes sRGB of images whose colours libvips takes for sRGB, because they have no profile: wide gamuts (Display P3, BT.2020) and high dynamic range (PQ and
/// HLG, ITU-R BT.2100). White of 203 cd/m² (ITU-R BT.2408) becomes white; what is brighter is compressed into the last fifth.
/// </summary>
internal static class WideColours
{
    private const int Pq = 16, Hlg = 18, Bt2020 = 9, DisplayP3 = 12;
    private const double White = 203, HlgPeak = 1000, HlgGamma = 1.2, Knee = 0.8;

    // Linear light to that of sRGB; all of these have the white D65.
    private static readonly double[] FromBt2020 = [1.660491, -0.587641, -0.072850, -0.124550, 1.132900, -0.008349, -0.018151, -0.100579, 1.118730];
    private static readonly double[] FromDisplayP3 = [1.224940, -0.224940, 0, -0.042057, 1.042057, 0, -0.019638, -0.078636, 1.098274];
    private static readonly double[] FromSrgb = [1, 0, 0, 0, 1, 0, 0, 0, 1];

    /// <summary>Whether the colours are others than those of sRGB.</summary>
    public static bool AreIn(HeifColours colours) => colours.Primaries is Bt2020 or DisplayP3 || colours.Transfer is Pq or Hlg;

    /// <summary>The same image in sRGB.</summary>
    /// <param name="image">8 bits, three bands or four; values as the file has them.</param>
    /// <param name="colours">What they mean.</param>
    public static Image ToSrgb(Image image, HeifColours colours)
    {
        var (pixels, bands) = (image.Pixels(), image.Bands);
        var light = Enumerable.Range(0, 256).Select(value => Linear(value / 255.0, colours.Transfer)).ToArray();
        var matrix = colours.Primaries switch { Bt2020 => FromBt2020, DisplayP3 => FromDisplayP3, _ => FromSrgb };
        for (var i = 0; i + 3 <= pixels.Length && bands >= 3; i += bands)
        {
            var (r, g, b) = (light[pixels[i]], light[pixels[i + 1]], light[pixels[i + 2]]);
            if (colours.Transfer == Hlg)
            {
                var scale = HlgPeak / White * Math.Pow(Math.Max(0.2627 * r + 0.6780 * g + 0.0593 * b, 1e-9), HlgGamma - 1);
                (r, g, b) = (r * scale, g * scale, b * scale);
            }

            var (x, y, z) = (Row(matrix, 0, r, g, b), Row(matrix, 3, r, g, b), Row(matrix, 6, r, g, b));
            var fit = colours.Transfer is Pq or Hlg ? Compress(Math.Max(x, Math.Max(y, z))) : 1;
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (Encode(x * fit), Encode(y * fit), Encode(z * fit));
        }

        return VipsImages.FromPixels(pixels, image.Width, image.Height, bands);
    }

    // 1 is white. Of HLG the light of the scene, 0–1.
    private static double Linear(double value, int transfer) => transfer switch
    {
        Pq => PqLight(value) / White,
        Hlg => value <= 0.5 ? value * value / 3 : (Math.Exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12,
        _ => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4), // as displays show the others too
    };

    private static double PqLight(double value)
    {
        var power = Math.Pow(value, 1 / 78.84375);
        return 10_000 * Math.Pow(Math.Max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power), 1 / 0.1593017578125);
    }

    private static double Compress(double brightest) =>
        brightest <= Knee ? 1 : (Knee + (1 - Knee) * (1 - Math.Exp(-(brightest - Knee) / (1 - Knee)))) / brightest;

    private static double Row(double[] matrix, int at, double r, double g, double b) => matrix[at] * r + matrix[at + 1] * g + matrix[at + 2] * b;

    private static byte Encode(double light) =>
        (byte)Math.Clamp(Math.Round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055)), 0, 255);
}
