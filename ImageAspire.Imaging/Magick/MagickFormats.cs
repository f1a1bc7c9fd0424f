using ImageAspire.Core.Images;
using ImageMagick;

namespace ImageAspire.Imaging.Magick;

/// <summary>Which formats ImageMagick reads here. The policy forbids all others.</summary>
internal static class MagickFormats
{
    private static readonly Dictionary<ImageFormat, MagickFormat> All = new()
    {
        [ImageFormat.Heic] = MagickFormat.Heic, [ImageFormat.Jxl] = MagickFormat.Jxl, [ImageFormat.Jp2] = MagickFormat.Jp2, [ImageFormat.Psd] = MagickFormat.Psd,
        [ImageFormat.Ico] = MagickFormat.Ico, [ImageFormat.Pnm] = MagickFormat.Pnm, [ImageFormat.Qoi] = MagickFormat.Qoi,
        [ImageFormat.Tiff] = MagickFormat.Tiff, // the variants that libvips refuses
    };

    /// <summary>Whether libvips does not read the format at all.</summary>
    public static bool IsOnly(ImageFormat format) => All.ContainsKey(format) && format != ImageFormat.Tiff;

    /// <summary>ImageMagick's name for a format. It must not guess from the bytes.</summary>
    public static MagickFormat Of(ImageFormat format) => All[format];
}
