using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Core.Pipeline;

/// <summary>Images that a stage has given up.</summary>
internal static class GivenUp
{
    /// <summary>
    /// Gives up again when the stage has already given up this image. A message of such an image is delivered when a process died after it had written the
    /// failure, and before the message was dead-lettered: completed, the image would be failed without a dead letter that an operator can retry.
    /// </summary>
    /// <param name="record">The image; null when it was deleted.</param>
    /// <param name="stage">The stage's name.</param>
    /// <exception cref="PermanentFailureException">It has; code and message are those of the record.</exception>
    public static void ThrowIfBy(ImageRecord? record, string stage)
    {
        if (record is { Status: ImageStatus.Failed, Failure: { } failure } && failure.Stage == stage)
            throw new PermanentFailureException(failure.Code, failure.Message) { Fault = FailureFaults.Of(failure) };
    }
}
