using ImageAspire.Imaging.Vips;

namespace ImageAspire.Benchmarks;

/// <summary>An image that costs a codec about as much as a photograph: soft gradients with blurred noise.</summary>
internal static class SyntheticImage
{
    /// <summary>A JPEG of quality 88; the same every time.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="grain">Strength of the noise; without it the file has a tenth of the size, and decodes hardly faster.</param>
    public static byte[] Make(int width, int height, double grain = 0.7)
    {
        var random = new Random(1);
        var noise = new byte[width * height];
        random.NextBytes(noise);
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var i = y * width + x;
                var light = 60 + 90 * Math.Sin(x * 0.004) * Math.Cos(y * 0.003) + 60.0 * y / height + (noise[i] - 128) * grain;
                pixels[i * 3] = (byte)Math.Clamp(light + 40.0 * x / width, 0, 255);
                pixels[i * 3 + 1] = (byte)Math.Clamp(light + 20, 0, 255);
                pixels[i * 3 + 2] = (byte)Math.Clamp(light + 60.0 * y / height, 0, 255);
            }
        }

        using var raw = VipsImages.FromPixels(pixels, width, height, 3);
        using var soft = raw.Gaussblur(1.2);
        return soft.JpegsaveBuffer(q: 88);
    }
}
