using ImageAspire.Imaging;
using ImageAspire.Imaging.Vips;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Hostile;

/// <summary>Small valid images of every format and of many of their variants, from our own writers and from the codec's.</summary>
internal static class ValidImages
{
    private const int Width = 20, Height = 14;

    public static IReadOnlyList<(string Name, byte[] Bytes)> All()
    {
        LibVipsLoader.TryStart("auto").ShouldBeTrue($"There is no libvips: {ImagingExtensions.InstallCommand}.");
        using var image = Image();
        byte[] Encode(string saver, string options = "") => VipsOperation.Encode(saver, image, options);
        return
        [
            ("JPEG", TestImages.Jpeg(Width, Height)), ("JPEG with EXIF", TestImages.JpegWithExif(ExifWriter.Write(6, "Acme", "One", "2024:05:01 10:20:30", "+02:00", (48.5, 3.2)), Width, Height)),
            ("JPEG, CMYK", TestImages.CmykJpeg(Width, Height)), ("JPEG, progressive", Encode("jpegsave_buffer", "interlace=true")), ("JPEG, with a profile", Encode("jpegsave_buffer", "profile=srgb")),
            ("PNG", TestImages.Png(Width, Height)), ("PNG, 16 bits", TestImages.Png16(Width, Height)), ("PNG, alpha", TestImages.TransparentPng(Width, Height)), ("PNG, interlaced", Encode("pngsave_buffer", "interlace=true")),
            ("GIF", TestImages.Gif(Width, Height)), ("GIF, animated", TestImages.AnimatedGif(Width, Height)),
            ("WebP, lossless", TestImages.Webp()), ("WebP, animated", TestImages.AnimatedWebp()), ("WebP, lossy", Encode("webpsave_buffer", "Q=60")),
            ("TIFF", TestImages.Tiff(Width, Height)), ("TIFF, deflate", Encode("tiffsave_buffer", "compression=deflate,predictor=horizontal")), ("TIFF, LZW, tiles", Encode("tiffsave_buffer", "compression=lzw,tile=true,tile-width=16,tile-height=16")),
            ("TIFF, JPEG", Encode("tiffsave_buffer", "compression=jpeg")), ("TIFF, packbits, big", Encode("tiffsave_buffer", "compression=packbits,bigtiff=true")),
            ("BMP", TestImages.Bmp(Width, Height)), ("AVIF", TestImages.Avif()),
        ];
    }

    private static VipsImage Image()
    {
        var pixels = new byte[Width * Height * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * i >> 3);
        return VipsImage.FromPixels(pixels, Width, Height, 3);
    }
}
