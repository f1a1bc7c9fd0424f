using ImageAspire.Imaging;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Text;

/// <summary>Finds lines of text: the detection model of PP-OCRv4, with the post-processing of DB ("Real-time Scene Text Detection with Differentiable Binarization", 2019).</summary>
/// <param name="model">With one input, blue first, and a map of probabilities in its size.</param>
internal sealed class TextDetector(OnnxModel model) : IDisposable
{
    private const int Step = 32; // the model's sides are multiples of it
    private const float PixelThreshold = 0.3f;
    private const float RegionThreshold = 0.6f;
    private const float LeastHeight = 3; // of a region in the map, in pixels
    private const float Unclip = 1.6f; // the model marks the inner part of a line; its distance from the border is area / perimeter times this

    // As the model was trained: ImageNet's mean and deviation, in this order though blue is first.
    private static readonly Tensor Input = new([0.485f * 255, 0.456f * 255, 0.406f * 255], [1 / (0.229f * 255), 1 / (0.224f * 255), 1 / (0.225f * 255)], IsBgr: true);

    /// <summary>Regions of text in the image's pixels, in the order of their topmost points. Their reading direction is a guess.</summary>
    /// <param name="image">Of any size.</param>
    /// <param name="side">To which its longer side is scaled down, in pixels.</param>
    /// <param name="cancellationToken">Ends the inference.</param>
    public IReadOnlyList<TextRegion> Find(RgbPixels image, int side, CancellationToken cancellationToken)
    {
        var factor = Math.Min(1, (float)side / Math.Max(image.Width, image.Height));
        var (width, height) = (Math.Max(1, (int)MathF.Round(image.Width * factor)), Math.Max(1, (int)MathF.Round(image.Height * factor)));
        var (mapWidth, mapHeight) = (RoundUp(width), RoundUp(height));
        var values = Input.Of(image.InFrame(width, height, 0, 0, mapWidth, mapHeight, grey: 0));
        var map = model.Run(values, [1, 3, mapHeight, mapWidth], outputs => outputs[0].ToArray(), cancellationToken);
        return
        [
            .. new ProbabilityMap(map, mapWidth).Regions(PixelThreshold)
                .Where(region => region.Probability >= RegionThreshold)
                .Select(region => MinimalRectangle.Around(region.Edge))
                .Where(rectangle => rectangle.Height >= LeastHeight)
                .Select(rectangle => rectangle.Grown(rectangle.Width * rectangle.Height * Unclip / (2 * (rectangle.Width + rectangle.Height))).Scaled(1 / factor)),
        ];
    }

    public void Dispose() => model.Dispose();

    private static int RoundUp(int pixels) => (pixels + Step - 1) / Step * Step;
}
