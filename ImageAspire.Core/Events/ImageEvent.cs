using ImageAspire.Core.Images;

namespace ImageAspire.Core.Events;

/// <summary>The types of events, and the one topic they travel on.</summary>
public static class ImageEventTypes
{
    /// <summary>Name of the topic that all events are published on.</summary>
    public const string Topic = "image-events";

    /// <summary>Bytes and record are stored.</summary>
    public const string Received = "image.received";

    /// <summary>Decoded and measured (or to be analysed again); the analysis may begin.</summary>
    public const string Inspected = "image.inspected";

    /// <summary>Not a usable image.</summary>
    public const string Rejected = "image.rejected";

    /// <summary>The analysis is on the record.</summary>
    public const string Analyzed = "image.analyzed";

    /// <summary>Retries are used up.</summary>
    public const string Failed = "image.failed";

    /// <summary>A person changed name or tags.</summary>
    public const string Updated = "image.updated";

    /// <summary>The image was archived.</summary>
    public const string Archived = "image.archived";

    /// <summary>The image was restored, from the archive or from the trash.</summary>
    public const string Restored = "image.restored";

    /// <summary>The image was deleted: moved to the trash, or erased at once.</summary>
    public const string Deleted = "image.deleted";

    /// <summary>The image and its bytes were erased.</summary>
    public const string Purged = "image.purged";

    /// <summary>Every type.</summary>
    public static readonly IReadOnlyList<string> All =
        [Received, Inspected, Rejected, Analyzed, Failed, Updated, Archived, Restored, Deleted, Purged];
}

/// <summary>One event, in memory. On the wire it is a CloudEvent 1.0 (see <see cref="CloudEvents"/>).</summary>
/// <param name="Id">UUIDv7; also the message id that duplicate detection uses.</param>
/// <param name="Type">One of <see cref="ImageEventTypes"/>.</param>
/// <param name="ImageId">The image; the CloudEvents <c>subject</c>.</param>
/// <param name="Time">When it happened, UTC.</param>
/// <param name="TraceParent">W3C trace context of the cause.</param>
/// <param name="Data">The payload.</param>
public sealed record ImageEvent(
    Guid Id, string Type, Guid ImageId, DateTimeOffset Time, string? TraceParent, ImageEventData Data);

/// <summary>The payload, version 1. Enough for audit, reports and live pages, so that no subscriber has to ask another service.</summary>
public sealed record ImageEventData
{
    /// <summary>Version of this shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The record's version after the change; when the image was erased, the last one.</summary>
    public required long Version { get; init; }

    /// <summary>Who did it: the name of an API key, or the name of a stage.</summary>
    public required string Actor { get; init; }

    /// <summary>The record's status after the change.</summary>
    public required ImageStatus Status { get; init; }

    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary>Media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When it was uploaded, UTC.</summary>
    public required DateTimeOffset UploadedAt { get; init; }

    /// <summary>Names of all tags, of people and of the analyser.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Why it was rejected or failed.</summary>
    public ImageFailure? Failure { get; init; }

    /// <summary>Of an image that was restored from the trash: when it had been moved there. Absent when it was restored from the archive.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}
