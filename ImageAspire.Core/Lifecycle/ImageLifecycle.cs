using ImageAspire.Core.Events;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Lifecycle;

/// <summary>
/// The life of an image as pure functions: record and facts in, record and event out.
/// <code>
/// received ─→ inspected ─→ analyzed        analyze again: analyzed | failed ─→ inspected (received: not inspected, or bytes lost)
///     ├─→ rejected  (final)                archive / restore / edit / delete: from every status
///     └─→ failed ←─ inspected              in the trash: nothing but restore and purge
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
            Sha256 = sha256, UploadedAt = cause.At, UploadedBy = cause.Actor, UploadedByKey = cause.KeyId, UpdatedAt = cause.At, TraceId = traceId,
        };
        return new Transition(null, record, EventOf(ImageEventTypes.Received, record, cause));
    }

    /// <summary>received → inspected, with everything that was measured.</summary>
    public static Transition Inspect(ImageRecord record, Inspection facts, Cause cause)
    {
        Require(record, ImageStatus.Received);
        return Change(record, ImageEventTypes.Inspected, cause, r => r with
        {
            Status = ImageStatus.Inspected,
            Width = facts.Width, Height = facts.Height, Frames = facts.Frames, Orientation = facts.Orientation,
            TakenAtLocal = facts.TakenAtLocal, TakenAt = facts.TakenAt, Camera = facts.Camera, Location = facts.Location,
            Metadata = facts.Metadata, Damaged = facts.Damaged, MetadataEdits = facts.MetadataEdits,
            Colors = facts.Colors, Placeholder = facts.Placeholder, PerceptualHash = facts.PerceptualHash,
            Thumbnails = facts.Thumbnails, Failure = null,
        });
    }

    /// <summary>received → rejected: the bytes are no usable image.</summary>
    public static Transition Reject(ImageRecord record, ImageFailure why, Cause cause)
    {
        Require(record, ImageStatus.Received);
        return Change(record, ImageEventTypes.Rejected, cause, r => r with { Status = ImageStatus.Rejected, Failure = why });
    }

    /// <summary>inspected → analyzed.</summary>
    public static Transition Analyze(ImageRecord record, ImageAnalysis analysis, Cause cause)
    {
        Require(record, ImageStatus.Inspected);
        return Change(record, ImageEventTypes.Analyzed, cause, r => r with
        {
            Status = ImageStatus.Analyzed, Analysis = analysis, Failure = null,
        });
    }

    /// <summary>received or inspected → failed: retries are used up.</summary>
    public static Transition Fail(ImageRecord record, ImageFailure why, Cause cause)
    {
        Require(record, ImageStatus.Received, ImageStatus.Inspected);
        return Change(record, ImageEventTypes.Failed, cause, r => r with { Status = ImageStatus.Failed, Failure = why });
    }

    /// <summary>
    /// Asks for the analysis once more: back to inspected; to received when the inspection itself had failed, or when bytes were
    /// missing, as the inspection makes the thumbnails anew.
    /// Null when the image is on its way already and there is nothing to do.
    /// </summary>
    /// <exception cref="IllegalTransitionException">The image was rejected (<c>image-rejected</c>).</exception>
    public static Transition? AnalyzeAgain(ImageRecord record, Cause cause) => record.Status switch
    {
        ImageStatus.Rejected => throw new IllegalTransitionException("image-rejected",
            $"This file was rejected ({record.Failure?.Code}) and cannot be analyzed. Upload a repaired file instead."),
        ImageStatus.Received or ImageStatus.Inspected => null,
        // With a width too the inspection may have failed: the second one, which an operator asked for.
        _ when record.Width is null || record.Failure is { Stage: StageNames.InspectImage } or { Code: FailureCodes.ContentUnavailable } =>
            Change(record, ImageEventTypes.Received, cause, r => r with { Status = ImageStatus.Received, Failure = null }),
        _ => Change(record, ImageEventTypes.Inspected, cause, r => r with { Status = ImageStatus.Inspected, Failure = null }),
    };

    /// <summary>
    /// Changes name and tags, archives or restores, all in one step; null when that changes nothing. Announced as <c>image.updated</c>, and as
    /// <c>image.archived</c> or <c>image.restored</c>.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="name">The new name; null leaves it.</param>
    /// <param name="tags">The new tags; null leaves them.</param>
    /// <param name="archived">True archives, false restores; null leaves it.</param>
    /// <param name="cause">Who does it, and when.</param>
    public static Transition? Edit(ImageRecord record, string? name, IReadOnlyList<string>? tags, bool? archived, Cause cause)
    {
        var isEdited = name is not null && name != record.Name || tags is not null && !tags.SequenceEqual(record.Tags);
        var isArchivedOrRestored = archived is not null && archived != (record.ArchivedAt is not null);
        if (!isEdited && !isArchivedOrRestored)
            return null;
        var archiving = archived == true ? ImageEventTypes.Archived : ImageEventTypes.Restored;
        var step = Change(record, isEdited ? ImageEventTypes.Updated : archiving, cause, r => r with
        {
            Name = name ?? r.Name, Tags = tags ?? r.Tags, ArchivedAt = !isArchivedOrRestored ? r.ArchivedAt : archived == true ? cause.At : null,
        });
        return isEdited && isArchivedOrRestored ? step with { SecondEvent = EventOf(archiving, step.After!, cause) } : step;
    }

    private static void Require(ImageRecord record, params ReadOnlySpan<ImageStatus> allowed)
    {
        if (!allowed.Contains(record.Status))
            throw new IllegalTransitionException("illegal-move", $"Image {record.Id} is {record.Status}; this step does not start there.");
    }

    private static Transition Change(ImageRecord record, string type, Cause cause, Func<ImageRecord, ImageRecord> change)
    {
        var after = change(record) with { Version = record.Version + 1, UpdatedAt = cause.At };
        return new Transition(record, after, EventOf(type, after, cause));
    }

    private static ImageEvent EventOf(string type, ImageRecord record, Cause cause) => new(
        Guid.CreateVersion7(cause.At), type, record.Id, cause.At, cause.TraceParent, new ImageEventData
        {
            Version = record.Version, Actor = cause.Actor, Status = record.Status, Name = record.Name,
            ContentType = record.ContentType, Bytes = record.Bytes, UploadedAt = record.UploadedAt,
            Tags = record.AllTags() is { Count: > 0 } tags ? tags : null, Failure = record.Failure,
        });
}
