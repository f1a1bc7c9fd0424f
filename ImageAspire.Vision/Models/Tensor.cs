using ImageAspire.Imaging;

namespace ImageAspire.Vision.Models;

/// <summary>How a model wants its pixels: <c>(value − mean) × scale</c> for each channel, planes one after the other.</summary>
/// <param name="Mean">Of each channel, in the model's order.</param>
/// <param name="Scale">Of each channel, in the model's order.</param>
/// <param name="IsBgr">Blue first.</param>
internal sealed record Tensor(IReadOnlyList<float> Mean, IReadOnlyList<float> Scale, bool IsBgr = false)
{
    /// <summary>The plain values, 0–255, red first.</summary>
    public static Tensor Plain { get; } = new([0, 0, 0], [1, 1, 1]);

    /// <summary>The input of shape 1 × 3 × height × width.</summary>
    public float[] Of(RgbPixels pixels)
    {
        var plane = pixels.Width * pixels.Height;
        var values = new float[3 * plane];
        var bytes = pixels.Bytes.Span;
        for (var channel = 0; channel < 3; channel++)
        {
            var (mean, scale) = (Mean[channel], Scale[channel]);
            var target = values.AsSpan(channel * plane, plane);
            for (int i = 0, at = IsBgr ? 2 - channel : channel; i < target.Length; i++, at += 3)
                target[i] = (bytes[at] - mean) * scale;
        }

        return values;
    }
}
