namespace ImageAspire.Imaging;

/// <summary>Settings of the codec (configuration section <c>Imaging</c>).</summary>
public sealed class ImagingOptions
{
    /// <summary>
    /// <c>auto</c>: the copy that the build fetched, else the system's libvips. <c>none</c>: no codec, headers only.
    /// Anything else: the path of a libvips shared library.
    /// </summary>
    public string Library { get; set; } = "auto";

    /// <summary>Most pixels (width × height of one frame) that are decoded; more is rejected from the header alone.</summary>
    public long MaxPixels { get; set; } = 100_000_000;

    /// <summary>WebP and JPEG quality of thumbnails, 1–100.</summary>
    public int Quality { get; set; } = 80;
}
