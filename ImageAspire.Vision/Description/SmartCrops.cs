using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;

namespace ImageAspire.Vision.Description;

/// <summary>Finds the place for each shape that keeps most of what catches the eye, in little space.</summary>
internal static class SmartCrops
{
    private const double LeastArea = 0.4; // of the image, unless the shape allows less: a crop shows the image, not a detail
    private const double EdgeRoom = 0.05;
    private const double LeastOwnRatio = 0.5, MostOwnRatio = 2;
    private static readonly double[] Sizes = [1, 0.85, 0.7];

    /// <summary>One crop for each ratio.</summary>
    /// <param name="image">With its size.</param>
    /// <param name="interesting">What should be kept, and how much that counts.</param>
    /// <param name="ratios">Width divided by height; empty for one crop in the image's own shape, from 0.5 to 2.</param>
    public static IReadOnlyList<SeenCrop> Of(PixelImage image, IReadOnlyList<(Box Box, double Weight)> interesting, IReadOnlyList<double> ratios)
    {
        var own = (double)image.Width / image.Height;
        var map = new SaliencyMap(image.Pixels, interesting);
        IEnumerable<double> wanted = ratios.Count > 0 ? ratios : [Math.Clamp(own, LeastOwnRatio, MostOwnRatio)];
        return [.. wanted.Select(ratio => new SeenCrop(Math.Round(ratio, 2), Best(map, ratio / own)))];
    }

    // The shape is the ratio that is wanted, divided by the image's own.
    private static Box Best(SaliencyMap map, double shape)
    {
        var whole = new Box(0, 0, Math.Min(1, shape), Math.Min(1, 1 / shape));
        var (best, most) = (whole, double.MinValue);
        foreach (var size in Sizes)
        {
            var (width, height) = (whole.Width * size, whole.Height * size);
            if (size < 1 && width * height < LeastArea)
                continue;
            for (var y = 0; y <= map.Rows * (1 - height) + EdgeRoom; y++)
            {
                for (var x = 0; x <= map.Columns * (1 - width) + EdgeRoom; x++)
                {
                    var box = new Box(Math.Min((double)x / map.Columns, 1 - width), Math.Min((double)y / map.Rows, 1 - height), width, height);
                    // What is kept counts; a smaller crop must keep nearly all of it to win.
                    var score = map.SumOf(box) / Math.Sqrt(width * height);
                    if (score > most)
                        (best, most) = (box, score);
                }
            }
        }

        return best;
    }
}
