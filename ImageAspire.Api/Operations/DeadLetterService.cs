using System.Diagnostics;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Operations;

/// <summary>Retries and discards dead letters for an operator, and logs it with the operator's name.</summary>
internal sealed partial class DeadLetterService(IImageCatalog catalog, ITopicOperations operations, TimeProvider time, ILogger<DeadLetterService> logger)
{
    /// <summary>
    /// Retries a dead letter; false when it no longer exists. An image that has <c>failed</c> is sent back to its stage with a new event, because a
    /// stage skips finished images. Record first, message second: a crash in between leaves a superfluous dead letter, never an image without
    /// a message.
    /// </summary>
    public async Task<bool> RetryAsync(DeadLetter dead, string actor, CancellationToken cancellationToken)
    {
        var restarted = await RestartAsync(dead, actor, cancellationToken);
        if (!await operations.ResolveDeadLetterAsync(dead.Subscription, dead.Sequence, discard: restarted, CancellationToken.None))
            return false;
        LogRetried(logger, actor, dead.Subscription, dead.Sequence, dead.Event?.ImageId, dead.Reason, restarted);
        return true;
    }

    /// <summary>Discards a dead letter for good; false when it no longer exists.</summary>
    public async Task<bool> DiscardAsync(DeadLetter dead, string actor, string? reason, CancellationToken cancellationToken)
    {
        if (!await operations.ResolveDeadLetterAsync(dead.Subscription, dead.Sequence, discard: true, cancellationToken))
            return false;
        LogDiscarded(logger, actor, dead.Subscription, dead.Sequence, dead.Event?.ImageId, dead.Reason, reason);
        return true;
    }

    private async Task<bool> RestartAsync(DeadLetter dead, string actor, CancellationToken cancellationToken)
    {
        if (dead.Event is not { } e || !StartsStage(dead.Subscription, e.Type))
            return false;
        // The retry belongs to the image's trace, not to the operator's request.
        var cause = Cause.Now(actor, time) with { TraceParent = e.TraceParent ?? Activity.Current?.Id };
        return await catalog.TransitionAsync(e.ImageId,
            record => record.Status == ImageStatus.Failed ? ImageLifecycle.AnalyzeAgain(record, cause) : null, cancellationToken) is not null;
    }

    // The stages that process an image; audit, reports and notifications only observe.
    private static bool StartsStage(string subscription, string type) =>
        type is ImageEventTypes.Received or ImageEventTypes.Inspected
        && StageCatalog.Subscriptions.Any(one => one.Name == subscription && one.Types?.Contains(type) == true);

    [LoggerMessage(LogLevel.Information,
        "{Actor} retries dead letter {Sequence} of {Subscription} (image {ImageId}, reason {Reason}); image sent back to its stage: {Restarted}.")]
    private static partial void LogRetried(
        ILogger logger, string actor, string subscription, long sequence, Guid? imageId, string reason, bool restarted);

    [LoggerMessage(LogLevel.Warning, "{Actor} discards dead letter {Sequence} of {Subscription} (image {ImageId}, reason {Reason}): {Why}")]
    private static partial void LogDiscarded(
        ILogger logger, string actor, string subscription, long sequence, Guid? imageId, string reason, string? why);
}
