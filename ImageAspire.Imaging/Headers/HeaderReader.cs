using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Headers;

/// <summary>
/// Reads sizes and finds EXIF in the accepted formats without a codec: bounded work, nothing decompressed. It guards the codec
/// (limits hold before native code sees the file) and stands in for it where there is none.
/// </summary>
internal static class HeaderReader
{
    /// <summary>Reads the structure. Width and height are as stored, not yet upright.</summary>
    /// <exception cref="UnusableImageException">The file ends within its header, or the header is invalid.</exception>
    public static RawHeader Read(Stream image, ImageFormat format)
    {
        var bytes = new Bytes(image);
        try
        {
            return format.Name switch
            {
                "jpeg" => JpegHeader.Read(bytes),
                "png" => PngHeader.Read(bytes),
                "gif" => GifHeader.Read(bytes),
                "webp" => WebpHeader.Read(bytes),
                "tiff" => TiffHeader.Read(bytes),
                "bmp" => BmpHeader.Read(bytes).Raw,
                "avif" or "heic" => HeifHeader.Read(bytes),
                "jxl" => JxlHeader.Read(bytes),
                "jp2" => Jp2Header.Read(bytes),
                "psd" => PsdHeader.Read(bytes),
                "ico" => IcoHeader.Read(bytes),
                "pnm" => PnmHeader.Read(bytes),
                "qoi" => QoiHeader.Read(bytes),
                _ => throw Broken(),
            };
        }
        catch (EndOfStreamException error)
        {
            throw BrokenImage.Truncated(error);
        }
    }

    /// <summary>For an invalid header.</summary>
    public static UnusableImageException Broken() =>
        new(FailureCodes.Corrupt, "The header of the file is corrupt. Save it again from the program that made it, or upload another copy.");
}
