using ImageAspire.Core.Images;

namespace ImageAspire.Core.Lifecycle;

/// <summary>What the inspection measured; see the fields of the same name in <see cref="ImageRecord"/>.</summary>
public sealed record Inspection
{
    /// <summary>Width in pixels, upright.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels, upright.</summary>
    public required int Height { get; init; }

    /// <summary>Frames or pages, when more than one.</summary>
    public int? Frames { get; init; }

    /// <summary>EXIF orientation, 1–8.</summary>
    public int? Orientation { get; init; }

    /// <summary>When taken, by the clock there.</summary>
    public DateTime? TakenAtLocal { get; init; }

    /// <summary>When taken, with the offset there.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>Camera.</summary>
    public CameraInfo? Camera { get; init; }

    /// <summary>Place.</summary>
    public GeoLocation? Location { get; init; }

    /// <summary>What people wrote into the file.</summary>
    public ImageMetadata? Metadata { get; init; }

    /// <summary>What could not be decoded.</summary>
    public ImageDamage? Damaged { get; init; }

    /// <summary>What a copy without metadata changes.</summary>
    public IReadOnlyList<MetadataEdit>? MetadataEdits { get; init; }

    /// <summary>Colours; null when nothing here can decode.</summary>
    public ImageColors? Colors { get; init; }

    /// <summary>Placeholder as a data URI.</summary>
    public string? Placeholder { get; init; }

    /// <summary>Perceptual hash.</summary>
    public string? PerceptualHash { get; init; }

    /// <summary>Stored thumbnails.</summary>
    public IReadOnlyList<ThumbnailInfo> Thumbnails { get; init; } = [];
}
