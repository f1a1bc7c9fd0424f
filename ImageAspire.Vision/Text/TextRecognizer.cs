using ImageAspire.Imaging;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Text;

/// <summary>Reads lines: the recognition model of PP-OCRv4.</summary>
/// <param name="model">With lines of 48 pixels height, blue first, and the probability of each class at each step.</param>
/// <param name="characters">Of the classes.</param>
internal sealed class TextRecognizer(OnnxModel model, CharacterTable characters) : IDisposable
{
    private const int MostWidth = 2400; // in pixels; longer lines are squeezed
    private const int Margin = 16; // of nothing, after the line
    private const int WidthStep = 32;

    private readonly CtcDecoder _decoder = new(characters);

    /// <summary>Reads one line.</summary>
    /// <param name="image">With the line.</param>
    /// <param name="region">In its reading direction.</param>
    /// <param name="cancellationToken">Ends the inference.</param>
    public LineOfCharacters Read(RgbPixels image, TextRegion region, CancellationToken cancellationToken)
    {
        var width = LineCrop.WidthOf(region, MostWidth);
        var stride = (width + Margin + WidthStep - 1) / WidthStep * WidthStep;
        var values = new float[3 * LineCrop.Height * stride];
        LineCrop.Write(image, region, width, values, stride);
        return model.Run(values, [1, 3, LineCrop.Height, stride], outputs =>
            new LineOfCharacters(_decoder.Decode(outputs[0]), outputs.Shape(0)[1] * (float)width / stride), cancellationToken);
    }

    public void Dispose() => model.Dispose();
}
