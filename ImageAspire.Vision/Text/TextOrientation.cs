using ImageAspire.Imaging;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Text;

/// <summary>Tells whether a line is upside down: the orientation model of PP-OCR.</summary>
/// <param name="model">With pieces of 192 × 48 pixels, blue first, and the probabilities of 0° and 180°.</param>
internal sealed class TextOrientation(OnnxModel model) : IDisposable
{
    private const int Width = 192;

    /// <summary>How probably the line is upside down, 0–1.</summary>
    /// <param name="image">With the line.</param>
    /// <param name="region">In its supposed reading direction.</param>
    /// <param name="cancellationToken">Ends the inference.</param>
    public float UpsideDown(RgbPixels image, TextRegion region, CancellationToken cancellationToken)
    {
        // Of a long line its beginning, in its own shape.
        var piece = region.Part(0, Math.Min(1, Width * region.Height / (LineCrop.Height * region.Width)));
        var values = new float[3 * LineCrop.Height * Width];
        LineCrop.Write(image, piece, LineCrop.WidthOf(piece, Width), values, Width);
        return model.Run(values, [1, 3, LineCrop.Height, Width], outputs => outputs[0][1], cancellationToken);
    }

    public void Dispose() => model.Dispose();
}
