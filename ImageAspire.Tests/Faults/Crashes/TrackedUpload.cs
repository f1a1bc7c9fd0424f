namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>A resumable upload, and what was acknowledged of it. One client continues it, one call at a time.</summary>
/// <param name="Image">The image.</param>
/// <param name="Address">Where the Api has it.</param>
internal sealed record TrackedUpload(TrackedImage Image, string Address)
{
    /// <summary>How many bytes are stored durably, as far as the client knows.</summary>
    public long Offset { get; set; }

    /// <summary>The last piece was sent, so that it may be an image already.</summary>
    public bool MayBeWhole { get; set; }

    /// <summary>The image that it became; null before.</summary>
    public Guid? ImageId { get; set; }

    /// <summary>Its client goes on with it no more.</summary>
    public bool Left { get; set; }

    /// <summary>Its client has deleted it; null when no answer came.</summary>
    public bool? Deleted { get; set; } = false;
}
