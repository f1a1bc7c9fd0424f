using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Objects;

/// <summary>
/// Finds things and people by several looks at the image, from near and from afar. Whether a class is there is decided by what all looks
/// say of it together; where its things are, by each of them alone: averaging boxes loses instances (docs/vision.md).
/// </summary>
internal sealed class ObjectDetector(CenterNet model) : IObjectDetector, IDisposable
{
    private const float LeastEvidence = 0.12f; // what a look says below this is noise

    // Side and margin in pixels.
    private static readonly (int Side, int Margin)[] Looks = [(410, 102), (192, 128), (160, 96)];

    /// <param name="models">Has <c>objects.onnx</c>.</param>
    /// <exception cref="ModelException">It is missing or wrong.</exception>
    public ObjectDetector(ModelFolder models)
        : this(new CenterNet(new OnnxModel(models.Read("objects.onnx"))))
    {
    }

    /// <inheritdoc />
    public IReadOnlyList<SeenObject> Detect(RgbPixels image, CancellationToken cancellationToken) => Detect(image, Thresholds.Chosen, cancellationToken);

    /// <summary>The same with other thresholds, to measure them.</summary>
    internal IReadOnlyList<SeenObject> Detect(RgbPixels image, Thresholds thresholds, CancellationToken cancellationToken) =>
        Combine(Look(image, cancellationToken), thresholds);

    /// <summary>What each look finds, for <see cref="Combine"/>.</summary>
    internal IReadOnlyList<IReadOnlyList<SeenObject>> Look(RgbPixels image, CancellationToken cancellationToken) =>
        [.. Looks.Select(look => model.Find(new View(image, look.Side, look.Margin), LeastEvidence, cancellationToken))];

    /// <summary>One list of things from several looks.</summary>
    internal static IReadOnlyList<SeenObject> Combine(IReadOnlyList<IReadOnlyList<SeenObject>> looks, Thresholds thresholds)
    {
        var evidence = looks
            .SelectMany(look => look.GroupBy(one => one.Name).Select(group => (Name: group.Key, Best: group.Max(one => one.Confidence))))
            .GroupBy(one => one.Name)
            .ToDictionary(group => group.Key, group => group.Sum(one => one.Best) / looks.Count);
        return Distinct.Of(looks.SelectMany(look => look)
            .Where(one => one.Confidence >= thresholds.OfBox(one.Name) && evidence[one.Name] >= thresholds.OfClass(one.Name))
            .OrderByDescending(one => evidence[one.Name]).ThenByDescending(one => one.Confidence));
    }

    public void Dispose() => model.Dispose();
}
