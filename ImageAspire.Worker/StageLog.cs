namespace ImageAspire.Worker;

/// <summary>Log lines of the stage executor.</summary>
internal static partial class StageLog
{
    [LoggerMessage(LogLevel.Information, "{Stage} is done with image {ImageId} in {Milliseconds:0.0} ms (trace {TraceId}).")]
    public static partial void Done(ILogger logger, string stage, Guid imageId, double milliseconds, string? traceId);

    [LoggerMessage(LogLevel.Warning, "{Stage}: image {ImageId} waits: {Reason}")]
    public static partial void Waits(ILogger logger, string stage, Guid imageId, string reason);

    [LoggerMessage(LogLevel.Warning, "{Stage}: attempt {Attempt} for image {ImageId} failed; the next one in {Delay}.")]
    public static partial void Retries(ILogger logger, string stage, Guid imageId, int attempt, TimeSpan delay, Exception error);

    [LoggerMessage(LogLevel.Error, "{Stage}: attempt {Attempt} for image {ImageId} failed; it was the last one.")]
    public static partial void LastAttemptFailed(ILogger logger, string stage, Guid imageId, int attempt, Exception error);

    [LoggerMessage(LogLevel.Error, "{Stage} gives up image {ImageId} ({Code}): {Reason}")]
    public static partial void GivesUp(ILogger logger, string stage, Guid imageId, string code, string reason);

    [LoggerMessage(LogLevel.Error, "{Stage}: the failure of image {ImageId} could not be written to its record; it is retried later.")]
    public static partial void FailureNotWritten(ILogger logger, string stage, Guid imageId, Exception error);
}
