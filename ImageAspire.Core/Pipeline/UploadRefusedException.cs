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

    /// <summary>The images of its key would need more than the key's quota.</summary>
    OverQuota,
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

    /// <summary>The refusal of bytes that are no image, or one of a format that is switched off.</summary>
    public static UploadRefusedException UnsupportedFormat(AcceptedFormats accepted) =>
        new(UploadRefusal.UnsupportedFormat, $"The bytes are not an accepted image. Accepted are {accepted.Labels}.");

    /// <summary>The refusal of bytes over the storage quota of a key.</summary>
    /// <param name="used">What the key's images and uploads in progress need already, in bytes.</param>
    /// <param name="quota">The quota, in bytes.</param>
    public static UploadRefusedException OverQuota(long used, long quota) => new(UploadRefusal.OverQuota,
        $"The images and unfinished uploads of this key need {Size(used)} of its {Size(quota)}, and this upload needs more than the rest. Delete images, or ask an operator for a larger quota.");

    private static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes ({bytes / 1024.0:0.#} KiB)"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes ({bytes / 1048576.0:0.#} MiB)"),
    };
}
