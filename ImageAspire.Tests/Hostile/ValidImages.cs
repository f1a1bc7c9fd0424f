using ImageAspire.Imaging;
using ImageAspire.Imaging.Vips;
using ImageAspire.Tests.Imaging;
using NetVips;

namespace ImageAspire.Tests.Hostile;

/// <summary>Small valid images of every format and of many of their variants, from our own writers and from the codec's.</summary>
internal static class ValidImages
{
    private const int Width = 20, Height = 14;

    public static IReadOnlyList<(string Name, byte[] Bytes)> All()
    {
        VipsLibrary.Description.ShouldNotBeNull($"There is no libvips: {ImagingExtensions.InstallCommand}.");
        using var image = Pattern();
        return
        [
            ("JPEG", TestImages.Jpeg(Width, Height)), ("JPEG with EXIF", TestImages.JpegWithExif(ExifWriter.Write(6, "Acme", "One", "2024:05:01 10:20:30", "+02:00", (48.5, 3.2)), Width, Height)),
            ("JPEG, CMYK", TestImages.CmykJpeg(Width, Height)), ("JPEG, progressive", image.JpegsaveBuffer(interlace: true)), ("JPEG, with a profile", image.JpegsaveBuffer(profile: "srgb")),
            ("PNG", TestImages.Png(Width, Height)), ("PNG, 16 bits", TestImages.Png16(Width, Height)), ("PNG, alpha", TestImages.TransparentPng(Width, Height)), ("PNG, interlaced", image.PngsaveBuffer(interlace: true)),
            ("GIF", TestImages.Gif(Width, Height)), ("GIF, animated", TestImages.AnimatedGif(Width, Height)),
            ("WebP, lossless", TestImages.Webp()), ("WebP, animated", TestImages.AnimatedWebp()), ("WebP, lossy", image.WebpsaveBuffer(q: 60)),
            ("TIFF", TestImages.Tiff(Width, Height)), ("TIFF, deflate", image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.Horizontal)), ("TIFF, LZW, tiles", image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw, tile: true, tileWidth: 16, tileHeight: 16)),
            ("TIFF, JPEG", image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg)), ("TIFF, packbits, big", image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Packbits, bigtiff: true)),
            ("BMP", TestImages.Bmp(Width, Height)), ("AVIF", TestImages.Avif()), ("HEIC", TestImages.Heic()), ("JPEG XL", TestImages.Jxl()),
            ("JPEG 2000", TestImages.Jp2()), ("JPEG 2000, codestream", TestImages.J2c()), ("Photoshop", TestImages.Psd(Width, Height)),
            ("ICO, bitmap", TestImages.Ico(Width, Height)), ("ICO, PNG", TestImages.PngIco(Width, Height)), ("PPM", TestImages.Ppm(Width, Height)), ("PPM, text", TestImages.TextPpm(Width, Height)),
            ("PAM", TestImages.Pam(Width, Height)), ("QOI", TestImages.Qoi(Width, Height)),
            .. RawWriter.Kinds.Select(kind => (kind.Key.ToUpperInvariant(), kind.Value(new(TestImages.Jpeg(Width, Height), TurnedAs: 6)))),
            .. PrivateFiles.All.Select(one => ($"{one.Key}, with all kinds of metadata", one.Value)),
        ];
    }

    private static Image Pattern()
    {
        var pixels = new byte[Width * Height * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * i >> 3);
        return VipsImages.FromPixels(pixels, Width, Height, 3);
    }
}
