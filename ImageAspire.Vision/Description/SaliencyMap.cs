using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;

namespace ImageAspire.Vision.Description;

/// <summary>How much each part of an image catches the eye: edges, and more so things.</summary>
internal sealed class SaliencyMap
{
    private const int Longer = 48; // cells along the longer side

    private readonly double[,] _sums; // of everything above and left

    /// <param name="image">The image.</param>
    /// <param name="interesting">What catches the eye more, and how many times a mean cell's weight it has.</param>
    public SaliencyMap(RgbPixels image, IReadOnlyList<(Box Box, double Weight)> interesting)
    {
        var factor = (double)Longer / Math.Max(image.Width, image.Height);
        (Columns, Rows) = (Math.Max(2, (int)Math.Round(image.Width * factor)), Math.Max(2, (int)Math.Round(image.Height * factor)));
        var cells = Contrasts(image.Resize(Columns, Rows).Bytes.Span);
        var mean = cells.Average() is > 0 and var average ? average : 1;
        foreach (var (box, weight) in interesting)
            Add(cells, box, weight * mean);
        _sums = new double[Rows + 1, Columns + 1];
        for (var y = 0; y < Rows; y++)
        {
            for (var x = 0; x < Columns; x++)
                _sums[y + 1, x + 1] = cells[y * Columns + x] + _sums[y, x + 1] + _sums[y + 1, x] - _sums[y, x];
        }
    }

    /// <summary>Cells from left to right.</summary>
    public int Columns { get; }

    /// <summary>Cells from top to bottom.</summary>
    public int Rows { get; }

    /// <summary>Of all cells in a box.</summary>
    public double SumOf(Box box)
    {
        var (left, right) = (Cell(box.X, Columns), Cell(box.X + box.Width, Columns));
        var (top, bottom) = (Cell(box.Y, Rows), Cell(box.Y + box.Height, Rows));
        return _sums[bottom, right] - _sums[top, right] - _sums[bottom, left] + _sums[top, left];
    }

    private static int Cell(double part, int cells) => Math.Min(cells, (int)Math.Round(part * cells));

    // How much each cell differs from its neighbours on the right and below.
    private double[] Contrasts(ReadOnlySpan<byte> rgb)
    {
        var cells = new double[Columns * Rows];
        for (var at = 0; at < cells.Length; at++)
        {
            var (y, x) = Math.DivRem(at, Columns);
            var right = x + 1 < Columns ? at + 1 : at;
            var below = y + 1 < Rows ? at + Columns : at;
            for (var channel = 0; channel < 3; channel++)
                cells[at] += Math.Abs(rgb[at * 3 + channel] - rgb[right * 3 + channel]) + Math.Abs(rgb[at * 3 + channel] - rgb[below * 3 + channel]);
        }

        return cells;
    }

    private void Add(double[] cells, Box box, double weight)
    {
        var right = Math.Min(Columns, (int)Math.Ceiling((box.X + box.Width) * Columns));
        var bottom = Math.Min(Rows, (int)Math.Ceiling((box.Y + box.Height) * Rows));
        for (var y = (int)(box.Y * Rows); y < bottom; y++)
        {
            for (var x = (int)(box.X * Columns); x < right; x++)
                cells[y * Columns + x] += weight;
        }
    }
}
