using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Measuring;
using ImageAspire.Imaging.Vips;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>Everything that is derived from an image: thumbnails, colours, placeholder, perceptual hash. All of it is made from the large thumbnail.</summary>
internal static class ImageDerivatives
{
    /// <summary>Side of the square that the large thumbnail fits into, in pixels.</summary>
    public const int LargeSide = 1024;

    /// <summary>Side of the square that the preview fits into, in pixels: for zooming into an original that browsers do not show.</summary>
    public const int PreviewSide = 2048;

    /// <summary>Side of the square that the small thumbnail fits into, in pixels.</summary>
    public const int SmallSide = 256;

    /// <summary>0–6. Against the usual 4, 2 takes less than half the time, and a photograph's thumbnail is 3 % larger.</summary>
    public const int WebpEffort = 2;

    // For the colours; a larger copy gives the same result.
    private const int ColourSide = 96;

    // 20 px are enough for a blurred preview, and fit easily into 1 KiB.
    private static readonly (int Side, int Quality)[] PlaceholderTries = [(20, 40), (16, 20), (8, 10)];
    private const int MaxPlaceholder = 1024;

    /// <summary>Side of the square that the largest thumbnail of an image fits into, in pixels.</summary>
    public static int LargestSide(ImageFormat format) => format.IsShownByBrowsers ? LargeSide : PreviewSide;

    /// <param name="largest">The largest thumbnail, in memory: the large one, or a preview.</param>
    /// <param name="quality">1–100.</param>
    /// <param name="cancellationToken">Checked between the steps.</param>
    public static DecodedImage Make(Image largest, int quality, CancellationToken cancellationToken)
    {
        var hasPreview = Math.Max(largest.Width, largest.Height) > LargeSide;
        using var large = hasPreview ? largest.Shrink(LargeSide) : largest.Copy();
        using var flatLarge = Flatten(large);
        using var small = large.Shrink(SmallSide);
        using var flatSmall = Flatten(small);

        var thumbnails = new List<DecodedThumbnail>(6);
        foreach (var (size, image, flat) in new[] { (SmallSide, small, flatSmall), (LargeSide, large, flatLarge) })
            AddBoth(thumbnails, size, image, flat, quality, cancellationToken);
        if (hasPreview)
        {
            using var flat = Flatten(largest);
            AddBoth(thumbnails, PreviewSide, largest, flat, quality, cancellationToken);
        }

        using var colours = flatSmall.Shrink(ColourSide);
        var measured = ColorMeasurement.Measure(colours.Pixels(), flatLarge.Pixels(), flatLarge.Width);
        return new DecodedImage(thumbnails, measured, Placeholder(small), Hash(flatSmall));
    }

    private static void AddBoth(List<DecodedThumbnail> thumbnails, int size, Image image, Image flat, int quality, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        thumbnails.Add(Describe(size, "image/webp", image, EncodeWebp(image, quality)));
        cancellationToken.ThrowIfCancellationRequested();
        thumbnails.Add(Describe(size, "image/jpeg", flat, EncodeJpeg(flat, quality)));
    }

    public static byte[] EncodeWebp(Image image, int quality) => image.WebpsaveBuffer(q: quality, effort: WebpEffort, keep: Enums.ForeignKeep.None);

    private static byte[] EncodeJpeg(Image image, int quality) => image.JpegsaveBuffer(q: quality, optimizeCoding: true, keep: Enums.ForeignKeep.None);

    private static DecodedThumbnail Describe(int size, string contentType, Image image, byte[] bytes) => new(new ThumbnailInfo(size, image.Width, image.Height, contentType, bytes.Length), bytes);

    /// <summary>Three bands; transparent parts become white.</summary>
    public static Image Flatten(Image image)
    {
        if (!image.HasAlpha())
            return image.Copy();
        using var flat = image.Flatten(background: [255]);
        return flat.CopyMemory();
    }

    private static string Placeholder(Image small)
    {
        foreach (var (side, quality) in PlaceholderTries)
        {
            using var tiny = small.Shrink(side);
            var uri = "data:image/webp;base64," + Convert.ToBase64String(tiny.WebpsaveBuffer(q: quality, keep: Enums.ForeignKeep.None));
            if (uri.Length <= MaxPlaceholder)
                return uri;
        }

        throw new InvalidOperationException("An image of 8 × 8 pixels does not fit into 1 KiB.");
    }

    private static string Hash(Image flat)
    {
        using var square = flat.Shrink(PerceptualHash.Side, Enums.Size.Force);
        var rgb = square.Pixels();
        var grey = new double[PerceptualHash.Side * PerceptualHash.Side];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = 0.299 * rgb[i * 3] + 0.587 * rgb[i * 3 + 1] + 0.114 * rgb[i * 3 + 2];
        return PerceptualHash.Of(grey);
    }
}
