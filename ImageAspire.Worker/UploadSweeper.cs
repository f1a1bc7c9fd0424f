using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Removes resumable uploads that their clients have given up. Any number of workers may sweep.</summary>
/// <param name="uploads">Uploads.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
public sealed partial class UploadSweeper(IUploadStore uploads, TimeProvider time, ILogger<UploadSweeper> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);
    private readonly ClockJumpDetector _clock = new(time);

    /// <summary>
    /// Removes what has expired; how many. A clock that is set forward makes every upload look expired: for an hour after that nothing is
    /// removed, so that whoever set it wrongly can set it back.
    /// </summary>
    /// <param name="cancellationToken">Ends the sweep.</param>
    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var (steady, jump) = _clock.Look();
        if (jump is { } by)
            LogJump(logger, by);
        if (_clock.HasJumped && steady < Patience)
            return 0;
        var removed = await uploads.RemoveExpiredAsync(time.GetUtcNow(), cancellationToken);
        if (removed > 0)
            LogRemoved(logger, removed);
        return removed;
    }

    [LoggerMessage(LogLevel.Warning, "The clock was set by {Jump}; nobody can tell now how old resumable uploads are. They are removed later.")]
    private static partial void LogJump(ILogger logger, TimeSpan jump);

    [LoggerMessage(LogLevel.Information, "Removed {Count} resumable uploads that had expired.")]
    private static partial void LogRemoved(ILogger logger, int count);
}
