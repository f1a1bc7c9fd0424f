using ImageAspire.Core.Events;

namespace ImageAspire.Core.Images;

/// <summary>The moves with which an operator sends images to a stage once more.</summary>
public static partial class ImageLifecycle
{
    /// <summary>
    /// Asks for the inspection once more: back to received, so that it is measured, gets thumbnails and is analyzed anew. What is known
    /// stays on the record until then. Null when it waits for that already, or was rejected.
    /// </summary>
    public static Transition? InspectAgain(ImageRecord record, Cause cause) => record.Status is ImageStatus.Received or ImageStatus.Rejected
        ? null
        : Move(record, ImageEventTypes.Received, cause, r => r with { Status = ImageStatus.Received, Failure = null });

    /// <summary>Announces an image that waits for its next stage once more, in case nobody comes for it; null when it waits for none.</summary>
    public static Transition? AnnounceAgain(ImageRecord record, Cause cause) => record.Status switch
    {
        ImageStatus.Received => Move(record, ImageEventTypes.Received, cause, r => r),
        ImageStatus.Inspected => Move(record, ImageEventTypes.Inspected, cause, r => r),
        _ => null,
    };
}
