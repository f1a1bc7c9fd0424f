using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Ports;

/// <summary>Decodes image bytes. They are untrusted: limits hold before memory is spent, and only the Worker calls this.</summary>
public interface IImageDecoder
{
    /// <summary>Whether pixels can be decoded here; without it only headers are read.</summary>
    bool CanDecode { get; }

    /// <summary>Reads headers and metadata, compares the size with the limits, and decodes.</summary>
    /// <param name="image">The original; it can seek, and is read synchronously.</param>
    /// <param name="format">What its bytes say it is.</param>
    /// <param name="cancellationToken">Time limit.</param>
    /// <exception cref="UnusableImageException">Not a usable image.</exception>
    /// <exception cref="IOException"><paramref name="image"/> cannot be read.</exception>
    Task<InspectedImage> InspectAsync(Stream image, ImageFormat format, CancellationToken cancellationToken);
}

/// <summary>Everything that is known of an image by looking at its file.</summary>
/// <param name="Header">Headers and metadata.</param>
/// <param name="Decoded">What was made of its pixels; null when <see cref="IImageDecoder.CanDecode"/> is false.</param>
public sealed record InspectedImage(ImageHeader Header, DecodedImage? Decoded);

/// <summary>Headers and metadata.</summary>
public sealed record ImageHeader
{
    /// <summary>The format.</summary>
    public required ImageFormat Format { get; init; }

    /// <summary>Width in pixels, upright.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels, upright.</summary>
    public required int Height { get; init; }

    /// <summary>Frames or pages when more than one.</summary>
    public int? Frames { get; init; }

    /// <summary>EXIF orientation, 1–8; null when the file does not say.</summary>
    public int? Orientation { get; init; }

    /// <summary>When taken, by the clock there, without a zone; null when unknown or impossible.</summary>
    public DateTime? TakenAtLocal { get; init; }

    /// <summary>The same with its offset; null when the file does not say the offset.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>Camera.</summary>
    public CameraInfo? Camera { get; init; }

    /// <summary>Place; null when unknown or out of range.</summary>
    public GeoLocation? Location { get; init; }

    /// <summary>What people wrote into the file.</summary>
    public ImageMetadata? Metadata { get; init; }

    /// <summary>What a copy without metadata changes of the file, as <see cref="Images.MetadataEdits.AreValid"/> wants it; null when there can be no such copy.</summary>
    public IReadOnlyList<MetadataEdit>? MetadataEdits { get; init; }
}

/// <summary>Everything made in one decode, all of the upright image in sRGB.</summary>
/// <param name="Thumbnails">256 and 1024, and 2048 of what browsers do not show, each as WebP and as JPEG; never larger than the original.</param>
/// <param name="Colors">Measured colours.</param>
/// <param name="Placeholder">Data URI of at most 1 KiB.</param>
/// <param name="PerceptualHash">16 hexadecimal digits.</param>
/// <param name="Damaged">What of the image is missing; null for nothing.</param>
public sealed record DecodedImage(
    IReadOnlyList<DecodedThumbnail> Thumbnails, ImageColors Colors, string Placeholder, string PerceptualHash, ImageDamage? Damaged = null);

/// <summary>One thumbnail in memory.</summary>
/// <param name="Info">Its description.</param>
/// <param name="Content">Its bytes.</param>
public sealed record DecodedThumbnail(ThumbnailInfo Info, ReadOnlyMemory<byte> Content);

/// <summary>The bytes are not a usable image; another attempt would fail too.</summary>
/// <param name="code">One of <see cref="FailureCodes"/>.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">The decoder's error.</param>
public sealed class UnusableImageException(string code, string message, Exception? inner = null) : Exception(message, inner), IFaultSource
{
    /// <summary>One of <see cref="FailureCodes"/>.</summary>
    public string Code { get; } = code;

    /// <inheritdoc />
    public Fault Fault { get; } = new(FaultCauses.ImageRefused);
}
