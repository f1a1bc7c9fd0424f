using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Removes resumable uploads that their clients have given up. Any number of workers may sweep.</summary>
/// <param name="uploads">Uploads.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
public sealed partial class UploadSweeper(IUploadStore uploads, TimeProvider time, ILogger<UploadSweeper> logger)
{
    /// <summary>Removes what has expired; how many.</summary>
    /// <param name="cancellationToken">Ends the sweep.</param>
    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var removed = await uploads.RemoveExpiredAsync(time.GetUtcNow(), cancellationToken);
        if (removed > 0)
            LogRemoved(logger, removed);
        return removed;
    }

    [LoggerMessage(LogLevel.Information, "Removed {Count} resumable uploads that had expired.")]
    private static partial void LogRemoved(ILogger logger, int count);
}
