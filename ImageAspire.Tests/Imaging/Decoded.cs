using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Tests.Imaging;

/// <summary>The pixels of a thumbnail.</summary>
internal sealed record Decoded(int Width, int Height, int Bands, byte[] Pixels)
{
    /// <summary>The large thumbnail of a type, decoded.</summary>
    public static Decoded From(DecodedImage rendered, string contentType)
    {
        var thumbnail = rendered.Thumbnails.Single(t => t.Info.Size == 1024 && t.Info.ContentType == contentType);
        using var stream = new MemoryStream(thumbnail.Content.ToArray());
        using var source = new StreamSource(stream, default);
        using var image = VipsImages.Open(contentType == "image/webp" ? "webpload_source" : "jpegload_source", source);
        return new Decoded(image.Width, image.Height, image.Bands, image.Pixels());
    }

    public byte[] At(int x, int y) => Pixels.AsSpan((y * Width + x) * Bands, Bands).ToArray();

    public int Luma(int x, int y) => At(x, y) is var p ? p[0] * 3 + p[1] * 6 + p[2] : 0;

    /// <summary>Red, green / blue, yellow.</summary>
    public void ShouldShowQuadrants()
    {
        int left = Width / 8, right = Width - 1 - left, top = Height / 8, bottom = Height - 1 - top;
        Strong(At(left, top)).ShouldBe("r");
        Strong(At(right, top)).ShouldBe("g");
        Strong(At(left, bottom)).ShouldBe("b");
        Strong(At(right, bottom)).ShouldBe("rg");
    }

    private static string Strong(byte[] p) => (p[0] > 128 ? "r" : "") + (p[1] > 128 ? "g" : "") + (p[2] > 128 ? "b" : "");
}
