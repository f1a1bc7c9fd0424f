using ImageAspire.Core.Events;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Lifecycle;

/// <summary>The transitions with which an operator sends images to a stage once more.</summary>
public static partial class ImageLifecycle
{
    /// <summary>
    /// Asks for the inspection once more: back to received, so that it is measured, gets thumbnails and is analyzed anew. What is known
    /// stays on the record until then. Null when it waits for that already, or was rejected.
    /// </summary>
    public static Transition? InspectAgain(ImageRecord record, Cause cause) => record.Status is ImageStatus.Received or ImageStatus.Rejected
        ? null
        : Change(record, ImageEventTypes.Received, cause, r => r with { Status = ImageStatus.Received, Failure = null });

    /// <summary>Announces an image that waits for its next stage once more, when no message is on its way to it; null when it waits for none.</summary>
    public static Transition? AnnounceAgain(ImageRecord record, Cause cause) => record.Status switch
    {
        ImageStatus.Received => Change(record, ImageEventTypes.Received, cause, r => r),
        ImageStatus.Inspected => Change(record, ImageEventTypes.Inspected, cause, r => r),
        _ => null,
    };
}
