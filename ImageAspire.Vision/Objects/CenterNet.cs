using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Objects;

/// <summary>CenterNet (Zhou et al., "Objects as Points", 2019) for COCO: a map of centres for each class, and the sides of the box around each.</summary>
/// <param name="model">Converted from the package <c>@vladmandic/human</c>.</param>
internal sealed class CenterNet(OnnxModel model) : IDisposable
{
    private const int Stride = 4; // pixels of the canvas for each cell of the maps
    private const int Most = 100; // of the original

    /// <summary>All peaks of at least this confidence, most confident first.</summary>
    /// <param name="view">The image.</param>
    /// <param name="least">0–1.</param>
    /// <param name="cancellationToken">Ends the inference.</param>
    public IReadOnlyList<SeenObject> Find(View view, float least, CancellationToken cancellationToken)
    {
        var (width, height) = (view.Canvas.Width, view.Canvas.Height);
        return model.Run(Tensor.Plain.Of(view.Canvas), [1, 3, height, width], outputs =>
        {
            var maps = new Maps(outputs[0], outputs[1], width / Stride, height / Stride);
            var found = new List<SeenObject>();
            for (var number = 0; number < CocoClasses.Names.Count; number++)
                AddPeaks(found, maps, number, view, least);
            return found.OrderByDescending(one => one.Confidence).Take(Most).ToList();
        }, cancellationToken);
    }

    public void Dispose() => model.Dispose();

    private static void AddPeaks(List<SeenObject> found, Maps maps, int number, View view, float least)
    {
        var centres = maps.CentresOf(number);
        for (var at = 0; at < centres.Length; at++)
        {
            if (centres[at] < least || !maps.IsPeak(centres, at))
                continue;
            var box = maps.BoxAt(at, view);
            if (box.Area > 0)
                found.Add(new SeenObject(CocoClasses.Names[number], Math.Min(centres[at], 1), box));
        }
    }

    private readonly ref struct Maps(ReadOnlySpan<float> centres, ReadOnlySpan<float> sides, int width, int height)
    {
        private readonly ReadOnlySpan<float> _centres = centres, _sides = sides;

        public ReadOnlySpan<float> CentresOf(int number) => _centres.Slice(number * width * height, width * height);

        public bool IsPeak(ReadOnlySpan<float> centres, int at)
        {
            var (y, x) = Math.DivRem(at, width);
            for (var row = Math.Max(0, y - 1); row <= Math.Min(height - 1, y + 1); row++)
            {
                for (var column = Math.Max(0, x - 1); column <= Math.Min(width - 1, x + 1); column++)
                {
                    if (centres[row * width + column] > centres[at])
                        return false;
                }
            }

            return true;
        }

        // How far its sides are away from the centre: left, top, right, bottom.
        public Box BoxAt(int at, View view)
        {
            var (y, x) = Math.DivRem(at, width);
            var plane = width * height;
            return view.BoxOf(
                x * Stride - _sides[at], y * Stride - _sides[plane + at], x * Stride + _sides[2 * plane + at], y * Stride + _sides[3 * plane + at]);
        }
    }
}
