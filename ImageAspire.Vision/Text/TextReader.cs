using System.Numerics;
using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Text;

/// <summary>Reads text with the models of PP-OCRv4: finds lines, turns them upright, reads them.</summary>
internal sealed class TextReader : ITextReader, IDisposable
{
    private const int Side = 640; // for the search; 960 reads no more signs and costs twice as much
    private const float LeastConfidence = 0.7f;
    private const int LeastCharacters = 2;
    private const float SurelyUpsideDown = 0.9f;

    private readonly TextDetector _detector;
    private readonly TextOrientation _orientation;
    private readonly TextRecognizer _recognizer;

    /// <param name="models">Where the models are.</param>
    /// <exception cref="ModelException">One of them is missing or damaged.</exception>
    public TextReader(ModelFolder models)
    {
        _detector = new TextDetector(new OnnxModel(models.Read("text-detection.onnx")));
        _orientation = new TextOrientation(new OnnxModel(models.Read("text-orientation.onnx")));
        _recognizer = new TextRecognizer(new OnnxModel(models.Read("text-recognition.onnx")), new CharacterTable(models.Read("text-characters.txt")));
    }

    public IReadOnlyList<SeenLine> Read(RgbPixels image, CancellationToken cancellationToken)
    {
        var lines = new List<SeenLine>();
        foreach (var region in _detector.Find(image, Side, cancellationToken))
        {
            var upright = _orientation.UpsideDown(image, region, cancellationToken) > SurelyUpsideDown ? region.UpsideDown() : region;
            var line = _recognizer.Read(image, upright, cancellationToken);
            if (line.Count >= LeastCharacters && line.Confidence >= LeastConfidence)
                lines.Add(Seen(line, upright, new Vector2(image.Width, image.Height)));
        }

        return lines;
    }

    public void Dispose()
    {
        _detector.Dispose();
        _orientation.Dispose();
        _recognizer.Dispose();
    }

    private static SeenLine Seen(LineOfCharacters line, TextRegion region, Vector2 size)
    {
        var words = line.Words();
        return new SeenLine(string.Join(' ', words.Select(word => word.Text)), Polygon(region, size),
            [.. words.Select(word => new SeenWord(word.Text, word.Confidence, Polygon(region.Part(word.From, word.To), size)))]);
    }

    private static List<Point> Polygon(TextRegion region, Vector2 size) =>
        [.. region.Corners.Select(corner => Vector2.Clamp(corner / size, Vector2.Zero, Vector2.One)).Select(place => new Point(place.X, place.Y))];
}
