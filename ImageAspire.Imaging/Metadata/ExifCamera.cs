using ImageAspire.Core.Images;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;

namespace ImageAspire.Imaging.Metadata;

/// <summary>The camera of an EXIF block (CIPA DC-008). A fact that is broken or out of range is absent.</summary>
internal static class ExifCamera
{
    /// <summary>Null when the block says nothing of a camera.</summary>
    public static CameraInfo? Read(Exif exif, Xmp xmp)
    {
        var camera = new CameraInfo(
            MetadataText.Clean(exif.Text(ExifDirectoryBase.TagMake) ?? xmp.Text(Xmp.Tiff, "Make")),
            MetadataText.Clean(exif.Text(ExifDirectoryBase.TagModel) ?? xmp.Text(Xmp.Tiff, "Model")),
            MetadataText.Clean(exif.Text(ExifDirectoryBase.TagLensModel)),
            exif.Number(ExifDirectoryBase.TagFNumber, 0.1, 1000), exif.Number(ExifDirectoryBase.TagExposureTime, 1e-7, 1e6),
            exif.Number(ExifDirectoryBase.TagIsoEquivalent, 1, 10_000_000) is { } iso ? (int)iso : null,
            exif.Number(ExifDirectoryBase.TagFocalLength, 0.1, 100_000),
            exif.Details is { } details && details.TryGetInt32(ExifDirectoryBase.TagFlash, out var flash) ? (flash & 1) == 1 : null);
        return camera == new CameraInfo() ? null : camera;
    }
}
