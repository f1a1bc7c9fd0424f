namespace ImageAspire.Imaging.Measuring;

/// <summary>The dominant colours of an image: a histogram of 4 bits a channel whose neighbouring cells are merged.</summary>
internal static class ColorPalette
{
    private const int MaxColours = 5;

    // Cells nearer than this (Euclidean, 0–255 a channel) are one colour to the eye at a glance.
    private const double SameColour = 60;

    // A dominant colour covers at least 3 % of the image, an accent 0.5 %.
    private const double DominantShare = 0.03;
    private const double AccentShare = 0.005;

    /// <summary>At most five colours, most frequent first, and the most vivid one, all as <c>#rrggbb</c>.</summary>
    public static (IReadOnlyList<string> Dominant, string Accent) Of(ReadOnlySpan<byte> rgb, bool monochrome)
    {
        var clusters = Cluster(rgb);
        var count = rgb.Length / 3;
        var dominant = clusters.Where((c, i) => i == 0 || c.Count >= count * DominantShare).Take(MaxColours).Select(c => c.Hex).ToArray();
        var accent = monochrome ? clusters[0] : clusters.Where((c, i) => i == 0 || c.Count >= count * AccentShare).MaxBy(c => c.Vividness)!;
        return (dominant, accent.Hex);
    }

    private static List<Cell> Cluster(ReadOnlySpan<byte> rgb)
    {
        var cells = new Cell?[4096];
        for (var i = 0; i + 2 < rgb.Length; i += 3)
        {
            var index = (rgb[i] >> 4 << 8) | (rgb[i + 1] >> 4 << 4) | (rgb[i + 2] >> 4);
            (cells[index] ??= new Cell()).Add(rgb[i], rgb[i + 1], rgb[i + 2], 1);
        }

        // Sorting is stable, so equal counts stay in the order of their colours: the same image gives the same palette.
        var clusters = new List<Cell>();
        foreach (var cell in cells.OfType<Cell>().OrderByDescending(c => c.Count))
        {
            var near = clusters.Find(c => c.DistanceTo(cell) < SameColour);
            if (near is null)
                clusters.Add(cell);
            else
                near.Merge(cell);
        }

        return [.. clusters.OrderByDescending(c => c.Count)];
    }

    private sealed class Cell
    {
        private long _r;
        private long _g;
        private long _b;

        public long Count { get; private set; }

        public string Hex => $"#{_r / Count:x2}{_g / Count:x2}{_b / Count:x2}";

        /// <summary>Difference of the strongest and the weakest channel: grey 0, a pure colour 255.</summary>
        public long Vividness => (Math.Max(_r, Math.Max(_g, _b)) - Math.Min(_r, Math.Min(_g, _b))) / Count;

        public void Add(long r, long g, long b, long count)
        {
            (_r, _g, _b) = (_r + r, _g + g, _b + b);
            Count += count;
        }

        public void Merge(Cell other) => Add(other._r, other._g, other._b, other.Count);

        public double DistanceTo(Cell other)
        {
            double r = (double)_r / Count - (double)other._r / other.Count,
                g = (double)_g / Count - (double)other._g / other.Count,
                b = (double)_b / Count - (double)other._b / other.Count;
            return Math.Sqrt(r * r + g * g + b * b);
        }
    }
}
