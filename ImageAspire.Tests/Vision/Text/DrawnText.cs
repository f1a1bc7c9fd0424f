using ImageAspire.Imaging;
using NetVips;

namespace ImageAspire.Tests.Vision.Text;

/// <summary>Signs and pages that a test draws.</summary>
internal sealed class DrawnText(int width, int height)
{
    private readonly List<(string Text, int Size, int Left, int Top)> _lines = [];

    /// <summary>Black on white.</summary>
    public DrawnText Line(string text, int size, int left, int top)
    {
        _lines.Add((text, size, left, top));
        return this;
    }

    /// <summary>The image, turned clockwise.</summary>
    public RgbPixels Draw(Enums.Angle turned = Enums.Angle.D0)
    {
        var page = Image.Black(width, height);
        foreach (var (text, size, left, top) in _lines)
        {
            using var ink = Image.Text(text, font: $"sans {size}", dpi: 72);
            page = page.Insert(ink, left, top);
        }

        using var image = page.Invert().Cast(Enums.BandFormat.Uchar).Rot(turned);
        using var colored = image.Bandjoin(image, image);
        return new RgbPixels(colored.Width, colored.Height, colored.WriteToMemory<byte>());
    }

    /// <summary>Without text.</summary>
    public static RgbPixels Of(Image image)
    {
        using var grey = image.Cast(Enums.BandFormat.Uchar);
        using var colored = grey.Bandjoin(grey, grey);
        return new RgbPixels(colored.Width, colored.Height, colored.WriteToMemory<byte>());
    }
}
