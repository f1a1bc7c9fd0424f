using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Api;

/// <summary>Writes what was seen as the public API has it: in pixels of the upright image, with confidences of four digits.</summary>
internal static class AnalysisAnswers
{
    private const string Person = "person";

    /// <summary>Name and version of what looks at images, with the packages of its models.</summary>
    public static string ModelVersion { get; } = $"imageaspire-vision/2 ({string.Join(", ", Required().Select(package => $"{package.Name} {package.Version}"))})";

    /// <param name="seen">What was seen.</param>
    /// <param name="asked">Features that were asked for.</param>
    public static AnalysisAnswer Of(ImageAnalysis seen, VisualFeatures asked)
    {
        var size = new PixelSize(seen.Width, seen.Height);
        var objects = seen.Objects ?? [];
        return new AnalysisAnswer(
            ModelVersion,
            new SizeAnswer(seen.Width, seen.Height),
            asked.HasFlag(VisualFeatures.Caption) && seen.Caption is { } caption ? new CaptionAnswer(caption.Name, Confidence(caption.Confidence)) : null,
            asked.HasFlag(VisualFeatures.Tags) ? Values(seen.Tags, tag => new TagAnswer(tag.Name, Confidence(tag.Confidence))) : null,
            asked.HasFlag(VisualFeatures.Objects)
                ? Values(objects, one => new ObjectAnswer(size.Box(one.Box), [new TagAnswer(one.Name, Confidence(one.Confidence))])) : null,
            asked.HasFlag(VisualFeatures.Read) ? Read(seen.Lines ?? [], size) : null,
            asked.HasFlag(VisualFeatures.SmartCrops) ? Values(seen.Crops, crop => new CropAnswer(crop.AspectRatio, size.Box(crop.Box))) : null,
            asked.HasFlag(VisualFeatures.People)
                ? Values(objects.Where(one => one.Name == Person), one => new PersonAnswer(size.Box(one.Box), Confidence(one.Confidence))) : null);
    }

    private static ValuesAnswer<TAnswer> Values<T, TAnswer>(IEnumerable<T>? seen, Func<T, TAnswer> answer) => new([.. (seen ?? []).Select(answer)]);

    // The API has one block, and none without text.
    private static ReadAnswer Read(IReadOnlyList<SeenLine> lines, PixelSize size) => new(lines.Count == 0 ? [] :
    [
        new BlockAnswer([.. lines.Select(line => new LineAnswer(line.Text, size.Polygon(line.Polygon),
            [.. line.Words.Select(word => new WordAnswer(word.Text, size.Polygon(word.Polygon), Confidence(word.Confidence)))]))]),
    ]);

    private static double Confidence(double value) => Math.Round(Math.Clamp(value, 0, 1), 4);

    private static IEnumerable<ModelPackage> Required() => ModelLock.Current.Packages.Where(package => package.Files.Any(file => !file.Optional));

    private readonly record struct PixelSize(int Width, int Height)
    {
        public BoxAnswer Box(Box box)
        {
            var (left, top) = (Math.Min(X(box.X), Width - 1), Math.Min(Y(box.Y), Height - 1));
            return new BoxAnswer(left, top, Math.Max(1, X(box.X + box.Width) - left), Math.Max(1, Y(box.Y + box.Height) - top));
        }

        public IReadOnlyList<PointAnswer> Polygon(IReadOnlyList<Point> points)
        {
            var size = this;
            return [.. points.Select(point => new PointAnswer(size.X(point.X), size.Y(point.Y)))];
        }

        private int X(double part) => Scale(part, Width);

        private int Y(double part) => Scale(part, Height);

        private static int Scale(double part, int side) => (int)Math.Round(Math.Clamp(part, 0, 1) * side, MidpointRounding.AwayFromZero);
    }
}
