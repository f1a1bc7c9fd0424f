using System.Numerics;
using ImageAspire.Imaging;

namespace ImageAspire.Vision.Text;

/// <summary>Looks again at a page of small text, at twice the size. It does so in bands along the lines, so that it needs no more memory than the first look.</summary>
/// <param name="detector">Finds text.</param>
internal sealed class SmallTextSearch(TextDetector detector)
{
    private const float SmallText = 16; // pixels of height in the first look
    private const int LeastLines = 4;
    private const float Overlap = 2; // of bands, in heights of a line
    private const float Filled = 0.8f; // of the first look's pixels, so that there is room for the overlap

    /// <summary>Whether the first look found text that a closer one reads better.</summary>
    /// <param name="regions">What it found.</param>
    /// <param name="factor">By which the image was scaled; 1 or less.</param>
    public static bool IsWorthIt(IReadOnlyList<TextRegion> regions, float factor) =>
        factor < 1 && regions.Count(region => region.Height * factor < SmallText) >= LeastLines;

    /// <summary>Regions of text in the image's pixels.</summary>
    /// <param name="image">As in the first look.</param>
    /// <param name="first">What that found: one region or more.</param>
    /// <param name="side">To which the image's longer side was scaled then, in pixels.</param>
    /// <param name="cancellationToken">Ends the inference.</param>
    public IReadOnlyList<TextRegion> Find(RgbPixels image, IReadOnlyList<TextRegion> first, int side, CancellationToken cancellationToken)
    {
        var factor = Math.Min(1, 2f * side / Math.Max(image.Width, image.Height));
        var count = (int)MathF.Ceiling(image.Width * factor * image.Height * factor / (Filled * side * side));
        var isUpright = first.Sum(region => MathF.Abs(region.Along.Y) - MathF.Abs(region.Along.X)) > 0;
        var (length, overlap) = (isUpright ? image.Width : image.Height, (int)(Overlap * first.Select(region => region.Height).Order().ElementAt(first.Count / 2)));
        var found = new List<TextRegion>();
        for (var band = 0; band < count; band++)
        {
            // A line belongs to the band with its middle.
            var (from, to) = (band * length / count, (band + 1) * length / count);
            var (start, end) = (Math.Max(0, from - overlap), Math.Min(length, to + overlap));
            var part = isUpright ? image.Crop(start, 0, end - start, image.Height) : image.Crop(0, start, image.Width, end - start);
            var offset = isUpright ? new Vector2(start, 0) : new Vector2(0, start);
            var regions = detector.Find(part, (int)(Math.Max(part.Width, part.Height) * factor), cancellationToken).Select(region => region.Moved(offset));
            found.AddRange(regions.Where(region => (isUpright ? region.Center.X : region.Center.Y) is var middle && middle >= from && middle < to));
        }

        return found;
    }
}
