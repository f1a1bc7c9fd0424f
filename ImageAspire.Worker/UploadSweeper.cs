using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Removes resumable uploads that their clients have abandoned. Any number of workers may sweep.</summary>
internal sealed partial class UploadSweeper(IUploadStore uploads, TimeProvider time, ILogger<UploadSweeper> logger)
{
    private static readonly TimeSpan JumpGrace = TimeSpan.FromHours(1);
    private readonly ClockJumpDetector _clock = new(time);

    /// <summary>
    /// Removes expired uploads. A clock that is set forward makes every upload look expired: for an hour after a jump nothing is
    /// removed, so that a wrong clock can be corrected.
    /// </summary>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var (steady, jump) = _clock.Check();
        if (jump is { } by)
            LogJump(logger, by);
        if (_clock.HasJumped && steady < JumpGrace)
            return 0;
        var removed = await uploads.RemoveExpiredAsync(time.GetUtcNow(), cancellationToken);
        if (removed > 0)
            LogRemoved(logger, removed);
        return removed;
    }

    [LoggerMessage(LogLevel.Warning, "The clock jumped by {Jump}, so the age of resumable uploads is unknown. They are removed later.")]
    private static partial void LogJump(ILogger logger, TimeSpan jump);

    [LoggerMessage(LogLevel.Information, "Removed {Count} resumable uploads that had expired.")]
    private static partial void LogRemoved(ILogger logger, int count);
}
