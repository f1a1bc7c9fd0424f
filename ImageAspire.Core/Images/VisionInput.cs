namespace ImageAspire.Core.Images;

/// <summary>
/// Which bytes of an image a vision service of the Azure AI Vision 4.0 kind is shown. The original when the service can take it as
/// it is; else the largest thumbnail, which is upright, small and free of metadata. Boxes come back in pixels of what was shown and
/// are scaled to the upright original.
/// </summary>
/// <param name="Thumbnail">The thumbnail to show; null for the original.</param>
/// <param name="IsUpright">Whether the service sees it upright; else its boxes are of a turned image.</param>
/// <remarks>Limits: "Image requirements" of Azure AI Vision Image Analysis 4.0 (format, under 20 MB, over 50 × 50 and under 16,000 × 16,000 pixels).</remarks>
public sealed record VisionInput(ThumbnailInfo? Thumbnail, bool IsUpright = true)
{
    /// <summary>The original must be smaller, in bytes.</summary>
    public const long MaxBytes = 20_000_000;

    /// <summary>Both sides must be larger, in pixels.</summary>
    public const int MinSide = 50;

    /// <summary>Both sides must be smaller, in pixels.</summary>
    public const int MaxSide = 16_000;

    private static readonly string[] Accepted = ["image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp", "image/tiff"];

    /// <summary>Chooses; null when there is nothing that the service would take, with the reason.</summary>
    /// <param name="record">The record, inspected.</param>
    /// <param name="why">What is wrong, for people; null when there is a choice.</param>
    /// <param name="turnsUpright">Whether the service turns images as their EXIF says.</param>
    public static VisionInput? Choose(ImageRecord record, out string? why, bool turnsUpright = false)
    {
        why = record switch
        {
            { Width: <= MinSide } or { Height: <= MinSide } =>
                $"The image is {record.Width} × {record.Height} pixels; the vision service needs more than {MinSide} on both sides.",
            { Bytes: >= MaxBytes } => $"The original has {record.Bytes} bytes; the vision service takes less than {MaxBytes}.",
            { Width: >= MaxSide } or { Height: >= MaxSide } =>
                $"The image is {record.Width} × {record.Height} pixels; the vision service takes less than {MaxSide} on each side.",
            _ when !Accepted.Contains(record.ContentType) => $"The vision service does not take {record.ContentType}.",
            _ => null,
        };
        var upright = turnsUpright || record.Orientation is null or 1;
        if (why is null && upright)
            return new VisionInput(Thumbnail: null);
        var large = record.Thumbnails.Where(t => t.ContentType == "image/jpeg" && t.Width > MinSide && t.Height > MinSide).MaxBy(t => t.Size);
        if (large is null && why is null)
            return new VisionInput(null, IsUpright: false); // rotated, and no codec made thumbnails: better sideways than not at all
        if (large is null)
        {
            why += " There is no thumbnail that could be shown instead.";
            return null;
        }

        why = null;
        return new VisionInput(large);
    }

    /// <summary>
    /// A box of the service in pixels of the upright original; null when it cannot be said, because the image was sent sideways or
    /// its size is unknown.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="shownWidth">Width that the service saw.</param>
    /// <param name="shownHeight">Height that the service saw.</param>
    /// <param name="box">Where, in pixels that the service saw.</param>
    public BoundingBox? ToOriginal(ImageRecord record, int shownWidth, int shownHeight, BoundingBox box)
    {
        if (record is not { Width: > 0 and var width, Height: > 0 and var height } || shownWidth <= 0 || shownHeight <= 0)
            return null;
        if (!IsUpright)
            return null;
        var (left, top) = (Scale(box.X, width, shownWidth), Scale(box.Y, height, shownHeight));
        var (right, bottom) = (Scale(box.X + box.Width, width, shownWidth), Scale(box.Y + box.Height, height, shownHeight));
        return right > left && bottom > top ? new BoundingBox(left, top, right - left, bottom - top) : null;

        // Within the image, whatever the service says.
        static int Scale(int value, int original, int shown) => (int)Math.Clamp(Math.Round((double)value * original / shown), 0, original);
    }
}
