using System.Diagnostics;
using ImageAspire.Core.Errors;

namespace ImageAspire.Worker;

/// <summary>Log lines of the stage executor.</summary>
internal static partial class StageLog
{
    // Of the stages that only observe there are several for every image.
    [LoggerMessage("{Stage} is done with image {ImageId} in {Milliseconds:0.0} ms (trace {TraceId}).")]
    public static partial void Done(ILogger logger, LogLevel level, string stage, Guid imageId, double milliseconds, ActivityTraceId? traceId);

    // Not a warning for every image while a dependency is away: the health check logs that once.
    [LoggerMessage("{Stage}: image {ImageId} waits ({Fault}): {Reason}")]
    public static partial void Waits(ILogger logger, LogLevel level, string stage, Guid imageId, Fault fault, string reason);

    [LoggerMessage(LogLevel.Warning, "{Stage}: attempt {Attempt} for image {ImageId} failed ({Fault}); the next one in {Delay}.")]
    public static partial void Retries(ILogger logger, string stage, Guid imageId, int attempt, Fault fault, TimeSpan delay, Exception error);

    [LoggerMessage(LogLevel.Error, "{Stage}: attempt {Attempt} for image {ImageId} failed ({Fault}); it was the last one.")]
    public static partial void LastAttemptFailed(ILogger logger, string stage, Guid imageId, int attempt, Fault fault, Exception error);

    [LoggerMessage(LogLevel.Error, "{Stage} gives up image {ImageId} ({Code}): {Reason}")]
    public static partial void GivesUp(ILogger logger, string stage, Guid imageId, string code, string reason);

    [LoggerMessage(LogLevel.Error, "{Stage}: the failure of image {ImageId} could not be written to its record; it is retried later.")]
    public static partial void FailureNotWritten(ILogger logger, string stage, Guid imageId, Exception error);
}
