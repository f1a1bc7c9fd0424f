using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Lifecycle;

/// <summary>The causes of failures.</summary>
public static class FailureFaults
{
    /// <summary>Dead-letter reasons of the topic itself: a message that no version of ours wrote, and one that was delivered too often without a settlement.</summary>
    private const string UnreadableMessage = "UnreadableMessage", TooManyDeliveries = "MaxDeliveryCountExceeded";

    /// <summary>The cause of a stored failure; by its code for those of earlier versions.</summary>
    public static Fault Of(ImageFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Cause is { } cause ? new Fault(cause, failure.Dependency) : OfCode(failure.Code);
    }

    /// <summary>The cause that a code of a failure, or the reason of a dead letter, means. A code that is not ours is the analyser's, about the image.</summary>
    public static Fault OfCode(string code) => code switch
    {
        FailureCodes.TimeLimit => new Fault(FaultCauses.TimeLimit),
        FailureCodes.WorkerDied or TooManyDeliveries => new Fault(FaultCauses.ProcessDied),
        FailureCodes.ContentUnavailable => new Fault(FaultCauses.DependencyFailed, DependencyNames.Blobs),
        FailureCodes.AnalyzerUnavailable => new Fault(FaultCauses.DependencyAway, DependencyNames.Vision),
        FailureCodes.AnalyzerFailed => new Fault(FaultCauses.DependencyFailed, DependencyNames.Vision),
        FailureCodes.Unexpected or UnreadableMessage => new Fault(FaultCauses.OurFault),
        _ => new Fault(FaultCauses.ImageRefused),
    };
}
