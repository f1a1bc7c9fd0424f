using ImageAspire.Core.Events;

namespace ImageAspire.Core.Images;

/// <summary>What a move leads to: the record after it (null when it is gone) and the one event that tells of it.</summary>
/// <param name="Before">The record before; null for a new image.</param>
/// <param name="After">The record after; null when it was deleted.</param>
/// <param name="Event">The event to publish in the same atomic write.</param>
public sealed record Transition(ImageRecord? Before, ImageRecord? After, ImageEvent Event);

/// <summary>Who moves a record, when, and in which trace.</summary>
/// <param name="Actor">Name of an API key or of a stage.</param>
/// <param name="At">Now, UTC.</param>
/// <param name="TraceParent">W3C trace context of the cause.</param>
public sealed record Cause(string Actor, DateTimeOffset At, string? TraceParent = null);

/// <summary>A move that the lifecycle does not allow.</summary>
/// <param name="code">Stable code.</param>
/// <param name="message">What is wrong and what to do.</param>
public sealed class IllegalMoveException(string code, string message) : InvalidOperationException(message)
{
    /// <summary>Stable code, for example <c>image-rejected</c>.</summary>
    public string Code { get; } = code;
}

/// <summary>
/// The life of an image as pure functions: record and facts in, record and event out.
/// <code>
/// received ─→ inspected ─→ analyzed        analyze again: analyzed | failed ─→ inspected (received: not inspected, or bytes lost)
///     ├─→ rejected  (final)                archive / restore / edit / delete: from every status
///     └─→ failed ←─ inspected
/// </code>
/// </summary>
public static partial class ImageLifecycle
{
    /// <summary>A new image whose bytes are stored.</summary>
    public static Transition Receive(
        Guid id, string name, ImageFormat format, long bytes, string sha256, string? traceId, Cause cause)
    {
        var record = new ImageRecord
        {
            Id = id, Version = 1, Status = ImageStatus.Received, Name = name, ContentType = format.ContentType, Bytes = bytes,
            Sha256 = sha256, UploadedAt = cause.At, UploadedBy = cause.Actor, UpdatedAt = cause.At, TraceId = traceId,
        };
        return new Transition(null, record, EventOf(ImageEventTypes.Received, record, cause));
    }

    /// <summary>received → inspected, with everything that was measured.</summary>
    public static Transition Inspect(ImageRecord record, Inspection facts, Cause cause)
    {
        Require(record, ImageStatus.Received);
        return Move(record, ImageEventTypes.Inspected, cause, r => r with
        {
            Status = ImageStatus.Inspected,
            Width = facts.Width, Height = facts.Height, Frames = facts.Frames, Orientation = facts.Orientation,
            TakenAt = facts.TakenAt, Camera = facts.Camera, Location = facts.Location,
            Colors = facts.Colors, Placeholder = facts.Placeholder, PerceptualHash = facts.PerceptualHash,
            Thumbnails = facts.Thumbnails, Failure = null,
        });
    }

    /// <summary>received → rejected: the bytes are no usable image.</summary>
    public static Transition Reject(ImageRecord record, ImageFailure why, Cause cause)
    {
        Require(record, ImageStatus.Received);
        return Move(record, ImageEventTypes.Rejected, cause, r => r with { Status = ImageStatus.Rejected, Failure = why });
    }

    /// <summary>inspected → analyzed.</summary>
    public static Transition Analyze(ImageRecord record, ImageAnalysis analysis, Cause cause)
    {
        Require(record, ImageStatus.Inspected);
        return Move(record, ImageEventTypes.Analyzed, cause, r => r with
        {
            Status = ImageStatus.Analyzed, Analysis = analysis, Failure = null,
        });
    }

    /// <summary>received or inspected → failed: retries are used up.</summary>
    public static Transition Fail(ImageRecord record, ImageFailure why, Cause cause)
    {
        Require(record, ImageStatus.Received, ImageStatus.Inspected);
        return Move(record, ImageEventTypes.Failed, cause, r => r with { Status = ImageStatus.Failed, Failure = why });
    }

    /// <summary>
    /// Asks for the analysis once more: back to inspected; to received when the inspection itself had failed, or when bytes were
    /// missing, as the inspection makes the thumbnails anew.
    /// Null when the image is on its way already and there is nothing to do.
    /// </summary>
    /// <exception cref="IllegalMoveException">The image was rejected (<c>image-rejected</c>).</exception>
    public static Transition? AnalyzeAgain(ImageRecord record, Cause cause) => record.Status switch
    {
        ImageStatus.Rejected => throw new IllegalMoveException("image-rejected",
            $"This file was rejected ({record.Failure?.Code}) and cannot be analyzed. Upload a repaired file instead."),
        ImageStatus.Received or ImageStatus.Inspected => null,
        // With a width too the inspection may have failed: the second one, which an operator asked for.
        _ when record.Width is null || record.Failure is { Stage: nameof(Pipeline.InspectImage) } or { Code: FailureCodes.ContentUnavailable } =>
            Move(record, ImageEventTypes.Received, cause, r => r with { Status = ImageStatus.Received, Failure = null }),
        _ => Move(record, ImageEventTypes.Inspected, cause, r => r with { Status = ImageStatus.Inspected, Failure = null }),
    };

    /// <summary>Changes name and tags; null when that changes nothing.</summary>
    public static Transition? Edit(ImageRecord record, string? name, IReadOnlyList<string>? tags, Cause cause)
    {
        if ((name is null || name == record.Name) && (tags is null || tags.SequenceEqual(record.Tags)))
            return null;
        return Move(record, ImageEventTypes.Updated, cause, r => r with { Name = name ?? r.Name, Tags = tags ?? r.Tags });
    }

    /// <summary>Puts the image away; null when it already is.</summary>
    public static Transition? Archive(ImageRecord record, Cause cause) => record.ArchivedAt is not null
        ? null
        : Move(record, ImageEventTypes.Archived, cause, r => r with { ArchivedAt = cause.At });

    /// <summary>Takes the image back; null when it is not archived.</summary>
    public static Transition? Restore(ImageRecord record, Cause cause) => record.ArchivedAt is null
        ? null
        : Move(record, ImageEventTypes.Restored, cause, r => r with { ArchivedAt = null });

    /// <summary>Removes the image.</summary>
    public static Transition Delete(ImageRecord record, Cause cause) =>
        new(record, null, EventOf(ImageEventTypes.Deleted, record, cause));

    private static void Require(ImageRecord record, params ReadOnlySpan<ImageStatus> allowed)
    {
        if (!allowed.Contains(record.Status))
            throw new IllegalMoveException("illegal-move", $"Image {record.Id} is {record.Status}; this step does not start there.");
    }

    private static Transition Move(ImageRecord record, string type, Cause cause, Func<ImageRecord, ImageRecord> change)
    {
        var after = change(record) with { Version = record.Version + 1, UpdatedAt = cause.At };
        return new Transition(record, after, EventOf(type, after, cause));
    }

    private static ImageEvent EventOf(string type, ImageRecord record, Cause cause) => new(
        Guid.CreateVersion7(cause.At), type, record.Id, cause.At, cause.TraceParent, new ImageEventData
        {
            Version = record.Version, Actor = cause.Actor, Status = record.Status, Name = record.Name,
            ContentType = record.ContentType, Bytes = record.Bytes, UploadedAt = record.UploadedAt,
            Tags = AllTags(record) is { Count: > 0 } tags ? tags : null, Failure = record.Failure,
        });

    /// <summary>The tags of people and of the analyser together, without repetition.</summary>
    public static IReadOnlyList<string> AllTags(ImageRecord record) =>
        [.. record.Tags.Concat(record.Analysis?.Tags.Select(tag => tag.Name) ?? []).Distinct(StringComparer.Ordinal)];
}

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

    /// <summary>When taken.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>Camera.</summary>
    public CameraInfo? Camera { get; init; }

    /// <summary>Place.</summary>
    public GeoLocation? Location { get; init; }

    /// <summary>Colours; null when nothing here can decode.</summary>
    public ImageColors? Colors { get; init; }

    /// <summary>Placeholder as a data URI.</summary>
    public string? Placeholder { get; init; }

    /// <summary>Perceptual hash.</summary>
    public string? PerceptualHash { get; init; }

    /// <summary>Stored thumbnails.</summary>
    public IReadOnlyList<ThumbnailInfo> Thumbnails { get; init; } = [];
}
