using ImageAspire.Core.Images;

namespace ImageAspire.Analysis;

/// <summary>
/// Tags from measurements. A fact that is read (orientation, flash) has confidence 1. A judgement on a scale has 0.5 at its
/// threshold and grows linearly to 1 at the end of the scale, so that borderline cases have low confidence:
/// <c>confidence = 0.5 + 0.5 × (value − threshold) ÷ (end − threshold)</c>.
/// </summary>
internal static class MeasuredTags
{
    // Lightness and contrast as in ImageColors: mean and standard deviation of L*/100.
    private const double Bright = 0.65, Dark = 0.30;
    private const double HighContrast = 0.28, LowContrast = 0.10;

    // ImageColors.Sharpness is v ÷ (v + 300); 0.60 is a variance of 450, 0.15 one of 53.
    private const double Sharp = 0.60, Blurry = 0.15;

    // Twice as wide as high (or the reverse) is what phones call a panorama; 3 % decides a square.
    private const double Panorama = 2.0, Square = 0.03;

    public static IEnumerable<ImageTag> Of(ImageRecord record) =>
        [.. OfShape(record), .. OfColors(record.Colors), .. OfCamera(record.Camera), .. OfFile(record)];

    private static IEnumerable<ImageTag> OfShape(ImageRecord record)
    {
        if (ShapeOf(record) is { } shape)
            yield return new ImageTag(shape, 1);
    }

    /// <summary><c>landscape</c>, <c>portrait</c>, <c>square</c> or <c>panorama</c>; null when the size is unknown.</summary>
    public static string? ShapeOf(ImageRecord record)
    {
        if (record is not { Width: > 0 and var width, Height: > 0 and var height })
            return null;
        var ratio = (double)width / height;
        return ratio >= Panorama || ratio <= 1 / Panorama ? "panorama"
            : Math.Abs(ratio - 1) <= Square ? "square"
            : ratio > 1 ? "landscape" : "portrait";
    }

    private static IEnumerable<ImageTag> OfColors(ImageColors? colors)
    {
        if (colors is null)
            yield break;
        if (Scale(colors.Brightness, Bright, 1) is { } bright)
            yield return new ImageTag("bright", bright);
        if (Scale(colors.Brightness, Dark, 0) is { } dark)
            yield return new ImageTag("dark", dark);
        if (Scale(colors.Contrast, HighContrast, 0.5) is { } high)
            yield return new ImageTag("high contrast", high);
        if (Scale(colors.Contrast, LowContrast, 0) is { } low)
            yield return new ImageTag("low contrast", low);
        if (Scale(colors.Sharpness, Sharp, 1) is { } sharp)
            yield return new ImageTag("sharp", sharp);
        if (Scale(colors.Sharpness, Blurry, 0) is { } blurry)
            yield return new ImageTag("blurry", blurry);
        if (colors.Monochrome)
            yield return new ImageTag("black and white", 1);
        foreach (var tag in OfPalette(colors))
            yield return tag;
    }

    // The palette is in order of area but without areas: the first colour has the highest confidence.
    private static IEnumerable<ImageTag> OfPalette(ImageColors colors)
    {
        var confidence = 0.95;
        foreach (var name in ColorNames.OfDominant(colors))
        {
            yield return new ImageTag(name, Math.Round(confidence, 2));
            confidence -= 0.1;
        }

        if (!colors.Monochrome && ColorNames.Of(colors.Accent) is { } accent && !ColorNames.OfDominant(colors).Contains(accent))
            yield return new ImageTag(accent, 0.5);
    }

    private static IEnumerable<ImageTag> OfCamera(CameraInfo? camera)
    {
        if (camera is null)
            yield break;
        if (camera.Flash == true)
            yield return new ImageTag("flash", 1);
        if (camera.ExposureSeconds >= 1)
            yield return new ImageTag("long exposure", 1);
        // The angle of view depends on the sensor, which EXIF need not name. Long focal lengths are unambiguous; short ones only
        // with an interchangeable lens, since every phone has a short one.
        if (camera.FocalLengthMm >= 135)
            yield return new ImageTag("telephoto", 0.8);
        if (camera is { FocalLengthMm: >= 8 and <= 20, Lens: not null })
            yield return new ImageTag("wide angle", 0.6);
        if (camera.FNumber <= 2)
            yield return new ImageTag("large aperture", 1);
        if (camera.Iso >= 3200)
            yield return new ImageTag("high iso", 1);
    }

    private static IEnumerable<ImageTag> OfFile(ImageRecord record)
    {
        if (record.Frames > 1 && record.ContentType is ("image/gif" or "image/webp" or "image/avif"))
            yield return new ImageTag("animated", 1);
        if (record.Frames > 1 && record.ContentType == "image/tiff")
            yield return new ImageTag("several pages", 1);
        if (DayTimes.Of(record.TakenAtLocal) is { } dayTime)
            yield return new ImageTag(dayTime, 0.9); // clocks of cameras are not always right
        if (record.Location is not null)
            yield return new ImageTag("geotagged", 1);
    }

    private static double? Scale(double value, double threshold, double end)
    {
        var share = (value - threshold) / (end - threshold);
        return share < 0 ? null : Math.Round(0.5 + 0.5 * Math.Min(1, share), 2);
    }
}
