using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Metadata;

namespace ImageAspire.Imaging.Headers;

/// <summary>Size, frames and blocks of metadata as the file's structure has them, before anything is decoded.</summary>
internal readonly record struct RawHeader(long Width, long Height, int? Frames = null, byte[]? Exif = null, int? Orientation = null, byte[]? Xmp = null, byte[]? Iptc = null,
    byte[]? Icc = null, CameraRaw? CameraRaw = null)
{
    /// <summary>Refuses images that must not be decoded because of their size.</summary>
    /// <exception cref="UnusableImageException">No pixels, too many, or too many in one row or column.</exception>
    public RawHeader Check(ImagingOptions options)
    {
        if (Width <= 0 || Height <= 0)
            throw new UnusableImageException(FailureCodes.NoPixels, "The image has a width or height of zero. Save it again from the program that made it.");
        if (Width > options.MaxPixels / Height)
        {
            throw new UnusableImageException(FailureCodes.TooManyPixels,
                $"The image is {Width} × {Height} pixels; the limit is {options.MaxPixels / 1_000_000.0:0.##} megapixels. Make it smaller and upload it again.");
        }

        if (Math.Max(Width, Height) > options.MaxSide)
        {
            throw new UnusableImageException(FailureCodes.TooManyPixels,
                $"The image is {Width} × {Height} pixels; the limit of one side is {options.MaxSide} pixels. Make it smaller and upload it again.");
        }

        return this;
    }

    /// <summary>The size as the image is shown.</summary>
    public RawHeader Upright() => Orientation is >= 5 and <= 8 ? this with { Width = Height, Height = Width } : this;

    /// <summary>Adds the metadata. Width and height are upright already.</summary>
    public ImageHeader ToHeader(ImageFormat format, TimeProvider time)
    {
        var metadata = FileMetadata.Read(Exif, Xmp, Iptc, time.GetUtcNow());
        return new ImageHeader
        {
            Format = format, Width = (int)Width, Height = (int)Height, Frames = Frames, Orientation = Orientation,
            TakenAtLocal = metadata.Taken?.Local, TakenAt = metadata.Taken?.Instant, Camera = metadata.Camera, Location = metadata.Location, Metadata = metadata.Descriptive,
        };
    }
}
