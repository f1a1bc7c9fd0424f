using ImageAspire.Imaging;

namespace ImageAspire.Tests.Imaging;

/// <summary>How much of a picture is missing.</summary>
public sealed class DamagedImageTests
{
    private const int Width = 8, Rows = 10;

    [Theory]
    [InlineData(0)] // PNG, TIFF
    [InlineData(128)] // JPEG
    [InlineData(122)] // the same, by a profile
    public void MissingRows_OfADecodersFilling_AreCounted(byte filling) => DamagedImage.MissingRows(Picture(filling), Width * 3, 3).ShouldBe(0.7);

    [Theory]
    [InlineData(255)] // paper, snow, a bright sky
    [InlineData(200)]
    [InlineData(60)]
    public void MissingRows_OfAnotherColour_BelongToThePicture(byte colour) => DamagedImage.MissingRows(Picture(colour), Width * 3, 3).ShouldBe(0);

    // Three rows of a picture above seven of one colour.
    private static byte[] Picture(byte colour)
    {
        var pixels = new byte[Width * 3 * Rows];
        Array.Fill(pixels, colour);
        for (var i = 0; i < Width * 3 * 3; i++)
            pixels[i] = (byte)(i * 37);
        return pixels;
    }
}
