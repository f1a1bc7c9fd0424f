using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Isolation;
using ImageMagick;

namespace ImageAspire.Imaging.Magick;

/// <summary>An original in the form in which ImageMagick can read it.</summary>
internal sealed class MagickSource : IDisposable
{
    private readonly Stream _stream;
    private readonly FileInMemory? _file;

    private MagickSource(Stream stream, FileInMemory? file) => (_stream, _file) = (stream, file);

    /// <summary>Makes it from a stream that can seek.</summary>
    /// <exception cref="UnusableImageException">ImageMagick cannot be used here.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static MagickSource Open(Stream original, ImageFormat format)
    {
        if (MagickLibrary.Description is null)
            throw new UnusableImageException(FailureCodes.UnsupportedVariant, $"{format.Label} cannot be decoded on this platform. Save the image as JPEG or PNG, and upload that.");
        original.Position = 0;
        if (format == ImageFormat.Heic && FileInMemory.TryCreate(original) is { } file)
            return new MagickSource(original, file);
        // ImageMagick takes an exception of a stream for the end of the file. From the Worker there is none: without it this process ends.
        if (original is RemoteImageStream or MemoryStream)
            return new MagickSource(original, null);
        var copy = new MemoryStream();
        original.CopyTo(copy);
        copy.Position = 0;
        return new MagickSource(copy, null);
    }

    /// <summary>Size and metadata, without pixels.</summary>
    public void Ping(MagickImage image, MagickReadSettings settings)
    {
        if (_file is not null)
            image.Ping(_file.Path, settings);
        else
            image.Ping(_stream, settings);
    }

    /// <summary>Everything.</summary>
    public void Read(MagickImage image, MagickReadSettings settings)
    {
        if (_file is not null)
            image.Read(_file.Path, settings);
        else
            image.Read(_stream, settings);
    }

    public void Dispose() => _file?.Dispose();
}
