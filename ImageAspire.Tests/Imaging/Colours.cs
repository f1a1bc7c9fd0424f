namespace ImageAspire.Tests.Imaging;

/// <summary>Colours computed from primaries and transfer functions, apart from the product: CIE 1931, white points D65 and D50, linear Bradford adaptation.</summary>
internal static class Colours
{
    public static readonly double[] D65 = White(0.3127, 0.3290), D50 = [0.9642, 1, 0.8249];

    /// <summary>RGB of these primaries to XYZ, rows one after the other.</summary>
    public sealed record Space(double[] ToXyz, double[] White)
    {
        public static readonly Space Srgb = Of([0.64, 0.33, 0.30, 0.60, 0.15, 0.06], D65);
        public static readonly Space DisplayP3 = Of([0.680, 0.320, 0.265, 0.690, 0.150, 0.060], D65);
        public static readonly Space AdobeRgb = Of([0.64, 0.33, 0.21, 0.71, 0.15, 0.06], D65);
        public static readonly Space ProPhoto = Of([0.734699, 0.265301, 0.159597, 0.840403, 0.036598, 0.000105], D50);
        public static readonly Space Bt2020 = Of([0.708, 0.292, 0.170, 0.797, 0.131, 0.046], D65);

        /// <summary>Linear light of sRGB in this space.</summary>
        public double[] FromLinearSrgb(double[] rgb) => Times(Inverse(ToXyz), Times(Adaptation(D65, White), Times(Srgb.ToXyz, rgb)));

        /// <summary>Red, green and blue as a profile has them: adapted to D50.</summary>
        public double[] Columns() => Product(Adaptation(White, D50), ToXyz);

        private static Space Of(double[] xy, double[] white)
        {
            double[] r = Colours.White(xy[0], xy[1]), g = Colours.White(xy[2], xy[3]), b = Colours.White(xy[4], xy[5]);
            double[] matrix = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]];
            var scale = Times(Inverse(matrix), white);
            return new([.. matrix.Select((value, i) => value * scale[i % 3])], white);
        }
    }

    public static double Decode(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    public static double Encode(double light) => light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055;

    /// <summary>The signal of ITU-R BT.2100, PQ, for light in cd/m².</summary>
    public static double Pq(double light)
    {
        const double M1 = 2610 / 16384.0, M2 = 2523 / 4096.0 * 128, C1 = 3424 / 4096.0, C2 = 2413 / 4096.0 * 32, C3 = 2392 / 4096.0 * 32;
        var y = Math.Pow(light / 10_000, M1);
        return Math.Pow((C1 + C2 * y) / (1 + C3 * y), M2);
    }

    /// <summary>The signals of ITU-R BT.2100, HLG, for light in cd/m² on its display of 1,000 cd/m².</summary>
    public static double[] Hlg(double[] light)
    {
        var y = (0.2627 * light[0] + 0.6780 * light[1] + 0.0593 * light[2]) / 1000;
        var scale = y > 0 ? Math.Pow(y, (1 - 1.2) / 1.2) / 1000 : 0;
        return [.. light.Select(one => one * scale).Select(scene => scene <= 1 / 12.0 ? Math.Sqrt(3 * scene) : 0.17883277 * Math.Log(12 * scene - 0.28466892) + 0.55991073)];
    }

    /// <summary>Lab by white D50 of sRGB, 0–1.</summary>
    public static double[] Lab(double[] srgb)
    {
        var xyz = Times(Adaptation(D65, D50), Times(Space.Srgb.ToXyz, [.. srgb.Select(Decode)]));
        double[] f = [.. xyz.Select((value, i) => value / D50[i]).Select(t => t > 216 / 24389.0 ? Math.Cbrt(t) : (24389 / 27.0 * t + 16) / 116)];
        return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])];
    }

    /// <summary>ΔE*ab (CIE 1976) of two colours of sRGB, 0–1.</summary>
    public static double Difference(double[] one, double[] other) => Math.Sqrt(Lab(one).Zip(Lab(other)).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));

    public static double[] Times(double[] m, double[] v) => [m[0] * v[0] + m[1] * v[1] + m[2] * v[2], m[3] * v[0] + m[4] * v[1] + m[5] * v[2], m[6] * v[0] + m[7] * v[1] + m[8] * v[2]];

    private static double[] White(double x, double y) => [x / y, 1, (1 - x - y) / y];

    private static double[] Adaptation(double[] from, double[] to)
    {
        double[] bradford = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];
        double[] a = Times(bradford, from), b = Times(bradford, to);
        return Product(Inverse(bradford), Product([b[0] / a[0], 0, 0, 0, b[1] / a[1], 0, 0, 0, b[2] / a[2]], bradford));
    }

    private static double[] Product(double[] m, double[] n) => [.. Enumerable.Range(0, 9).Select(i => m[i / 3 * 3] * n[i % 3] + m[i / 3 * 3 + 1] * n[i % 3 + 3] + m[i / 3 * 3 + 2] * n[i % 3 + 6])];

    private static double[] Inverse(double[] m)
    {
        double[] c =
        [
            m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
            m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
            m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
        ];
        var determinant = m[0] * c[0] + m[1] * c[3] + m[2] * c[6];
        return [.. c.Select(value => value / determinant)];
    }
}
