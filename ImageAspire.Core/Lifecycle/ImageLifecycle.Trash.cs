using ImageAspire.Core.Events;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Lifecycle;

/// <summary>The transitions into the trash and out of it.</summary>
public static partial class ImageLifecycle
{
    /// <summary>Moves the image to the trash. Null when it is there already.</summary>
    /// <param name="record">The record.</param>
    /// <param name="keepFor">How long it can be restored.</param>
    /// <param name="cause">Who does it, and when.</param>
    public static Transition? Trash(ImageRecord record, TimeSpan keepFor, Cause cause) => record.DeletedAt is not null ? null
        : Change(record, ImageEventTypes.Deleted, cause, r => r with { DeletedAt = cause.At, DeletedBy = cause.Actor, PurgeAt = cause.At + keepFor });

    /// <summary>
    /// Takes the image out of the trash. One that waited for a stage is announced again, because its message was ignored meanwhile. Null when it
    /// is not there.
    /// </summary>
    public static Transition? Restore(ImageRecord record, Cause cause)
    {
        if (record.DeletedAt is not { } deletedAt)
            return null;
        var step = Change(record, ImageEventTypes.Restored, cause, r => r with { DeletedAt = null, DeletedBy = null, PurgeAt = null });
        return step with
        {
            Event = step.Event with { Data = step.Event.Data with { DeletedAt = deletedAt } },
            SecondEvent = record.Status switch
            {
                ImageStatus.Received => EventOf(ImageEventTypes.Received, step.After!, cause),
                ImageStatus.Inspected => EventOf(ImageEventTypes.Inspected, step.After!, cause),
                _ => null,
            },
        };
    }

    /// <summary>Erases the image, whether it is in the trash or not. One that was not is announced as deleted, too.</summary>
    public static Transition Purge(ImageRecord record, Cause cause)
    {
        var purged = EventOf(ImageEventTypes.Purged, record, cause);
        return record.DeletedAt is not null ? new Transition(record, null, purged)
            : new Transition(record, null, EventOf(ImageEventTypes.Deleted, record, cause)) { SecondEvent = purged };
    }
}
