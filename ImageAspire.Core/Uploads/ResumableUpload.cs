namespace ImageAspire.Core.Uploads;

/// <summary>An upload that comes in parts and may be interrupted.</summary>
public sealed record ResumableUpload
{
    /// <summary>Its id, UUIDv7. Not that of the image.</summary>
    public required Guid Id { get; init; }

    /// <summary>The key that created it; other keys do not see it.</summary>
    public required Guid Owner { get; init; }

    /// <summary>Clean display name of the file.</summary>
    public required string Name { get; init; }

    /// <summary>The metadata that the client sent about the file, unchanged (ASCII); null for none.</summary>
    public string? Metadata { get; init; }

    /// <summary>Size of the whole file in bytes; null as long as the client has not said it.</summary>
    public long? Length { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long it is kept after its last byte.</summary>
    public required TimeSpan KeptFor { get; init; }

    /// <summary>W3C trace context of the request that began it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The id that an image of this upload was to get; written before the image is, so that it is recognised after a crash.</summary>
    public Guid? Attempt { get; init; }

    /// <summary>The image that it became; null before.</summary>
    public Guid? ImageId { get; init; }

    /// <summary>True when that image was there before.</summary>
    public bool Duplicate { get; init; }
}

/// <summary>How far an upload is.</summary>
/// <param name="Upload">The upload.</param>
/// <param name="Offset">How many of its bytes are here.</param>
/// <param name="ChangedAt">When the last of them came, or it was changed otherwise, UTC.</param>
public sealed record UploadState(ResumableUpload Upload, long Offset, DateTimeOffset ChangedAt)
{
    /// <summary>From when on it may be removed, UTC.</summary>
    public DateTimeOffset ExpiresAt => ChangedAt + Upload.KeptFor;

    /// <summary>Whether all bytes are here.</summary>
    public bool IsComplete => Offset == Upload.Length;
}
