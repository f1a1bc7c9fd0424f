using System.Globalization;

namespace ImageAspire.Imaging.Measuring;

/// <summary>
/// The DCT hash of Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), section 3.2.1:
/// the lowest 8×8 frequencies (without the constant ones) of a 32×32 grey copy, each a bit that says "above the median".
/// </summary>
internal static class PerceptualHash
{
    /// <summary>Side of the grey copy.</summary>
    public const int Side = 32;

    private const int Frequencies = 8;

    private static readonly double[,] Cosines = MakeCosines();

    /// <summary>16 hexadecimal digits.</summary>
    /// <param name="grey">32 × 32 values, any scale.</param>
    public static string Of(ReadOnlySpan<double> grey)
    {
        // Rows first, then columns; only the frequencies that are kept.
        Span<double> rows = stackalloc double[Side * Frequencies];
        for (var y = 0; y < Side; y++)
        {
            for (var u = 0; u < Frequencies; u++)
            {
                var sum = 0.0;
                for (var x = 0; x < Side; x++)
                    sum += grey[y * Side + x] * Cosines[u, x];
                rows[y * Frequencies + u] = sum;
            }
        }

        Span<double> low = stackalloc double[Frequencies * Frequencies];
        for (var v = 0; v < Frequencies; v++)
        {
            for (var u = 0; u < Frequencies; u++)
            {
                var sum = 0.0;
                for (var y = 0; y < Side; y++)
                    sum += rows[y * Frequencies + u] * Cosines[v, y];
                low[v * Frequencies + u] = sum;
            }
        }

        Span<double> sorted = stackalloc double[low.Length];
        low.CopyTo(sorted);
        sorted.Sort();
        var median = (sorted[31] + sorted[32]) / 2;
        var bits = 0UL;
        foreach (var value in low)
            bits = (bits << 1) | (value > median ? 1UL : 0UL);
        return bits.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static double[,] MakeCosines()
    {
        var table = new double[Frequencies, Side];
        for (var u = 0; u < Frequencies; u++)
        {
            for (var x = 0; x < Side; x++)
                table[u, x] = Math.Cos(Math.PI * (2 * x + 1) * (u + 1) / (2 * Side));
        }

        return table;
    }
}
