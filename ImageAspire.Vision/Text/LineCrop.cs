using System.Numerics;
using ImageAspire.Imaging;

namespace ImageAspire.Vision.Text;

/// <summary>Turns a line of text upright, in the height that the models read.</summary>
internal static class LineCrop
{
    /// <summary>In pixels.</summary>
    public const int Height = 48;

    private const int MostSamples = 4; // for a pixel, in each direction, where the text is scaled down

    /// <summary>The width of a region in this height, in pixels.</summary>
    /// <param name="region">In any size.</param>
    /// <param name="most">Longer ones are squeezed.</param>
    public static int WidthOf(TextRegion region, int most) => (int)Math.Clamp(MathF.Ceiling(Height * region.Width / region.Height), 1, most);

    /// <summary>Writes the line into a model's input: three planes, blue first, −1 to 1. What lies right of the line is left as it is.</summary>
    /// <param name="image">With the line.</param>
    /// <param name="region">Where it is; what lies outside of the image is its nearest pixel.</param>
    /// <param name="width">Of the line in the input, in pixels.</param>
    /// <param name="planes">The input's planes: <paramref name="stride"/> × 48 × 3.</param>
    /// <param name="stride">The width of the input.</param>
    public static void Write(RgbPixels image, TextRegion region, int width, Span<float> planes, int stride)
    {
        var (across, upright) = (SamplesOf(region.Width, width), SamplesOf(region.Height, Height));
        var (right, down) = (region.Along / (width * across), region.Down / (Height * upright));
        var start = region.Corner + ((right + down) / 2) - new Vector2(0.5f);
        var bytes = image.Bytes.Span;
        var (limit, plane) = (new Vector2(image.Width - 1, image.Height - 1), stride * Height);
        var scale = 1 / (127.5f * across * upright);
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var sum = Vector3.Zero;
                for (var row = 0; row < upright; row++)
                {
                    var place = start + (right * (x * across)) + (down * ((y * upright) + row));
                    for (var sample = 0; sample < across; sample++, place += right)
                        sum += At(bytes, image.Width, Vector2.Clamp(place, Vector2.Zero, limit), limit);
                }

                var at = (y * stride) + x;
                (planes[at], planes[plane + at], planes[(2 * plane) + at]) = ((sum.Z * scale) - 1, (sum.Y * scale) - 1, (sum.X * scale) - 1);
            }
        }
    }

    private static int SamplesOf(float from, int to) => Math.Clamp((int)MathF.Ceiling(from / to), 1, MostSamples);

    /// <summary>Red, green and blue between four pixels.</summary>
    private static Vector3 At(ReadOnlySpan<byte> bytes, int width, Vector2 place, Vector2 limit)
    {
        var (x, y) = ((int)place.X, (int)place.Y);
        var (right, below) = (x < (int)limit.X ? 3 : 0, y < (int)limit.Y ? 3 * width : 0);
        var at = 3 * ((y * width) + x);
        var (partX, partY) = (place.X - x, place.Y - y);
        return Vector3.Lerp(
            Vector3.Lerp(Pixel(bytes, at), Pixel(bytes, at + right), partX),
            Vector3.Lerp(Pixel(bytes, at + below), Pixel(bytes, at + below + right), partX), partY);
    }

    private static Vector3 Pixel(ReadOnlySpan<byte> bytes, int at) => new(bytes[at], bytes[at + 1], bytes[at + 2]);
}
