using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Vision.Analysis;

/// <summary>Tells the format of an image from its first bytes.</summary>
internal static class ImageFormats
{
    private static readonly string Accepted = string.Join(", ", ImageFormat.All.Select(format => format.Label));

    /// <summary>The format; the stream is at its beginning again.</summary>
    /// <param name="image">It can seek.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="UnusableImageException">It is not an image that can be decoded.</exception>
    public static async Task<ImageFormat> OfAsync(Stream image, CancellationToken cancellationToken)
    {
        var head = new byte[ImageFormat.SniffLength];
        image.Position = 0;
        var length = await image.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        image.Position = 0;
        return ImageFormat.Sniff(head.AsSpan(0, length)) ?? throw new UnusableImageException(FailureCodes.UnsupportedVariant, $"The bytes are not an image that can be read ({Accepted}).");
    }
}
