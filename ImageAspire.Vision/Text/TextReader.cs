using System.Numerics;
using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Text;

/// <summary>Reads text with the models of PP-OCRv4: finds lines, turns them upright, reads them.</summary>
internal sealed class TextReader : ITextReader, IDisposable
{
    private const int Side = 640; // for the search; 960 costs half as much again
    private const int MostLines = 200;
    private const float LeastConfidence = 0.7f;
    private const int LeastCharacters = 2;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    private readonly TextDetector _detector;
    private readonly SmallTextSearch _smallText;
    private readonly TextOrientation _orientation;
    private readonly TextRecognizer _recognizer;

    private readonly TimeProvider _time;

    /// <param name="models">Where the models are.</param>
    /// <param name="time">For the limit of a dense page; the system's by default.</param>
    /// <exception cref="ModelException">One of them is missing or damaged.</exception>
    public TextReader(ModelFolder models, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _detector = new TextDetector(new OnnxModel(models.Read("text-detection.onnx")));
        _smallText = new SmallTextSearch(_detector);
        _orientation = new TextOrientation(new OnnxModel(models.Read("text-orientation.onnx")));
        _recognizer = new TextRecognizer(new OnnxModel(models.Read("text-recognition.onnx")), new CharacterTable(models.Read("text-characters.txt")));
    }

    /// <summary>Of a page with more than 200 lines the largest are read; what is not read after 30 seconds is left out.</summary>
    public IReadOnlyList<SeenLine> Read(RgbPixels image, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var regions = LineDirections.Of(Find(image, cancellationToken), region => _orientation.UpsideDown(image, region, cancellationToken));
        var lines = new List<(TextRegion Region, LineOfCharacters Line)>();
        foreach (var region in regions)
        {
            if (_time.GetElapsedTime(start) > MostTime)
                break;
            var line = _recognizer.Read(image, region, cancellationToken);
            // What is invented in patterns and textures is short, or the model is not sure of it.
            if (line.Count >= LeastCharacters && line.Confidence >= LeastConfidence)
                lines.Add((region, line));
        }

        var size = new Vector2(image.Width, image.Height);
        return [.. ReadingOrder.Of([.. lines.Select(line => line.Region)]).Select(index => Seen(lines[index].Line, lines[index].Region, size))];
    }

    public void Dispose()
    {
        _detector.Dispose();
        _orientation.Dispose();
        _recognizer.Dispose();
    }

    private IReadOnlyList<TextRegion> Find(RgbPixels image, CancellationToken cancellationToken)
    {
        var regions = _detector.Find(image, Side, cancellationToken);
        if (SmallTextSearch.IsWorthIt(regions, Math.Min(1, (float)Side / Math.Max(image.Width, image.Height))))
            regions = _smallText.Find(image, regions, Side, cancellationToken);
        return [.. regions.OrderByDescending(region => region.Height).Take(MostLines)];
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
