using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;

namespace ImageAspire.Vision.Objects;

/// <summary>
/// The image as the model sees it: in its own shape, scaled, on a grey canvas. The margin is measured (docs/vision.md): things that
/// touch the edges are missed more often.
/// </summary>
internal sealed class View
{
    private const int Unit = 32; // sides that the model takes are multiples of this
    private const byte Grey = 114;

    private readonly int _width, _height, _left, _top;

    /// <param name="image">The image.</param>
    /// <param name="side">Of its longer side on the canvas, in pixels.</param>
    /// <param name="margin">Width of both margins together, in pixels, or a little more.</param>
    public View(RgbPixels image, int side, int margin)
        : this(image, side, (width, height) => (RoundedUp(width + margin), RoundedUp(height + margin)), Grey)
    {
    }

    private View(RgbPixels image, int side, Func<int, int, (int Width, int Height)> canvas, byte grey)
    {
        var factor = (double)side / Math.Max(image.Width, image.Height);
        (_width, _height) = (Scaled(image.Width, factor), Scaled(image.Height, factor));
        var (canvasWidth, canvasHeight) = canvas(_width, _height);
        (_left, _top) = ((canvasWidth - _width) / 2, (canvasHeight - _height) / 2);
        Canvas = image.InFrame(_width, _height, _left, _top, canvasWidth, canvasHeight, grey);
    }

    /// <summary>The image in a black square without a margin.</summary>
    public static View Square(RgbPixels image, int side) => new(image, side, (_, _) => (side, side), 0);

    /// <summary>What the model gets.</summary>
    public RgbPixels Canvas { get; }

    /// <summary>A rectangle of the canvas, in pixels, as a part of the image; empty where it lies outside.</summary>
    public Box BoxOf(double left, double top, double right, double bottom)
    {
        var (x1, x2) = (Part(left - _left, _width), Part(right - _left, _width));
        var (y1, y2) = (Part(top - _top, _height), Part(bottom - _top, _height));
        return new Box(x1, y1, Math.Max(0, x2 - x1), Math.Max(0, y2 - y1));
    }

    private static int Scaled(int side, double factor) => Math.Max(1, (int)Math.Round(side * factor));

    private static int RoundedUp(int side) => (side + Unit - 1) / Unit * Unit;

    private static double Part(double pixels, double whole) => Math.Clamp(pixels / whole, 0, 1);
}
