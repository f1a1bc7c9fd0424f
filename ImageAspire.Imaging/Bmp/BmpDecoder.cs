using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Vips;
using NetVips;

namespace ImageAspire.Imaging.Bmp;

/// <summary>
/// Decodes Windows bitmaps, which libvips leaves to ImageMagick (blocked: it is not made for untrusted files). Rows are read one by one and
/// subsampled to about twice the wanted size, so that memory depends on the thumbnail and not on the original.
/// </summary>
internal static class BmpDecoder
{
    /// <summary>The image, fitted into a square of <paramref name="side"/> pixels, 8-bit sRGB with or without alpha.</summary>
    /// <exception cref="UnusableImageException">Corrupt, truncated, or an unsupported variant.</exception>
    public static Image Load(Stream image, int side, ImagingOptions options, CancellationToken cancellationToken)
    {
        var file = new Bytes(image);
        try
        {
            var header = BmpHeader.Read(file);
            header.Raw.Check(options);
            var step = (int)Math.Max(1, Math.Max(header.Width, header.Height) / (2 * side));
            var (width, height) = ((int)((header.Width + step - 1) / step), (int)((header.Height + step - 1) / step));
            var bands = header.Masks.A != 0 ? 4 : 3;
            var pixels = new byte[(long)width * height * bands];
            var rows = header.Compression == 1 ? new BmpRleRows(image, header) : (IBmpRows)new BmpPlainRows(image, file, header);
            for (long i = 0; i < header.Height; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var y = header.BottomUp ? header.Height - 1 - i : i;
                var row = rows.Next();
                if (y % step != 0)
                    continue;
                var target = pixels.AsSpan((int)(y / step) * width * bands, width * bands);
                for (var x = 0; x < width; x++)
                    rows.Pixel(row, x * step, target.Slice(x * bands, bands));
            }

            using var full = VipsImages.FromPixels(pixels, width, height, bands);
            using var fitting = full.ThumbnailImage(side, height: side, size: Enums.Size.Down);
            return fitting.ToMemory(cancellationToken);
        }
        catch (EndOfStreamException error)
        {
            throw BrokenImage.Truncated(error);
        }
    }
}
