using System.Globalization;

namespace ImageAspire.Core.Pipeline;

/// <summary>Why a file is refused.</summary>
public enum UploadRefusal
{
    /// <summary>No bytes.</summary>
    Empty,

    /// <summary>Over the limit.</summary>
    TooLarge,

    /// <summary>Not an accepted image by its bytes.</summary>
    UnsupportedFormat,
}

/// <summary>A file is refused; nothing of it is kept.</summary>
public sealed class UploadRefusedException(UploadRefusal reason, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public UploadRefusal Reason { get; } = reason;

    /// <summary>The refusal of a file over the limit.</summary>
    /// <param name="maxBytes">The limit, in bytes.</param>
    public static UploadRefusedException TooLarge(long maxBytes) =>
        new(UploadRefusal.TooLarge, $"The file is larger than the limit of {Size(maxBytes)}. Send a smaller one.");

    /// <summary>The refusal of bytes that are no image.</summary>
    public static UploadRefusedException UnsupportedFormat() =>
        new(UploadRefusal.UnsupportedFormat, "The bytes are not an accepted image. Accepted are JPEG, PNG, WebP, GIF, TIFF, BMP and AVIF.");

    private static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes ({bytes / 1024.0:0.#} KiB)"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes ({bytes / 1048576.0:0.#} MiB)"),
    };
}
