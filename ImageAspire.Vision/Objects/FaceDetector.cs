using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Objects;

/// <summary>
/// BlazeFace (Bazarevsky et al., 2019), the model for whole scenes: boxes of faces. It says nothing about who somebody is, how old, or in which mood.
/// </summary>
internal sealed class FaceDetector : IFaceDetector, IDisposable
{
    private const int Side = 256; // of the model's square
    private const int Numbers = 16; // of each anchor: a box, and six points that are not used
    private const float LeastConfidence = 0.5f;
    private const double SamePlace = 0.3;

    // The two maps: cells of a side, anchors of a cell. Each has an output with confidences, and one with places.
    private static readonly (int Cells, int Anchors)[] Maps = [(16, 2), (8, 6)];
    private static readonly Tensor Input = new([127.5f, 127.5f, 127.5f], [1 / 127.5f, 1 / 127.5f, 1 / 127.5f]);

    private readonly OnnxModel _model;

    /// <param name="models">Has <c>faces.onnx</c>.</param>
    /// <exception cref="ModelException">It is missing or wrong.</exception>
    public FaceDetector(ModelFolder models) => _model = new OnnxModel(models.Read("faces.onnx"));

    /// <inheritdoc />
    public IReadOnlyList<Box> Detect(RgbPixels image, CancellationToken cancellationToken)
    {
        var view = View.Square(image, Side);
        var found = _model.Run(Input.Of(view.Canvas), [1, 3, Side, Side], outputs =>
        {
            var faces = new List<(Box Box, float Score)>();
            for (var map = 0; map < Maps.Length; map++)
                Add(faces, view, Maps[map].Cells, Maps[map].Anchors, outputs[2 * map], outputs[2 * map + 1]);
            return faces;
        }, cancellationToken);
        var kept = new List<Box>();
        foreach (var (box, _) in found.OrderByDescending(face => face.Score))
        {
            if (kept.TrueForAll(other => other.Overlap(box) < SamePlace))
                kept.Add(box);
        }

        return kept;
    }

    public void Dispose() => _model.Dispose();

    private static void Add(List<(Box Box, float Score)> faces, View view, int cells, int anchors, ReadOnlySpan<float> scores, ReadOnlySpan<float> places)
    {
        var plane = cells * cells;
        for (var at = 0; at < anchors * plane; at++)
        {
            var score = 1 / (1 + MathF.Exp(-scores[at]));
            if (score < LeastConfidence)
                continue;
            var (anchor, cell) = Math.DivRem(at, plane);
            var (y, x) = Math.DivRem(cell, cells);
            var first = anchor * Numbers * plane + cell;
            var (centreX, centreY) = (places[first] + (x + 0.5f) / cells * Side, places[first + plane] + (y + 0.5f) / cells * Side);
            var (width, height) = (places[first + 2 * plane], places[first + 3 * plane]);
            var box = view.BoxOf(centreX - width / 2, centreY - height / 2, centreX + width / 2, centreY + height / 2);
            if (box.Area > 0)
                faces.Add((box, score));
        }
    }
}
