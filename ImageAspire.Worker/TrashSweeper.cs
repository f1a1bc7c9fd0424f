using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Worker;

/// <summary>Erases the images in the trash whose time is over. Any number of workers may sweep.</summary>
internal sealed partial class TrashSweeper(IImageCatalog catalog, IImageTrash trash, ImageEraser eraser, TimeProvider time, ILogger<TrashSweeper> logger)
{
    private static readonly TimeSpan JumpGrace = TimeSpan.FromHours(1);
    private readonly ClockJumpDetector _clock = new(time);

    /// <summary>
    /// Erases what is due. A clock that is set forward makes all of it look due: for an hour after a jump nothing is erased, so that a wrong
    /// clock can be corrected.
    /// </summary>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <returns>How many were erased.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var (steady, jump) = _clock.Check();
        if (jump is { } by)
            LogJump(logger, by);
        if (_clock.HasJumped && steady < JumpGrace)
            return 0;
        var purged = 0;
        var query = new TrashQuery { Limit = ImageQuery.MaxLimit, DueAt = time.GetUtcNow() };
        do
        {
            var page = await trash.ListAsync(query, cancellationToken);
            foreach (var due in page.Items)
                purged += await PurgeAsync(due.Id, query.DueAt.Value, cancellationToken) ? 1 : 0;
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        if (purged > 0)
            LogPurged(logger, purged);
        return purged;
    }

    // Decided on the record as it is now: it may have been restored, or another worker was faster.
    private async Task<bool> PurgeAsync(Guid id, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var purged = await catalog.TransitionWithTrashAsync(id,
            record => record.PurgeAt <= dueAt ? ImageLifecycle.Purge(record, Cause.Now(StrandedSweeper.Actor, time)) : null, cancellationToken);
        if (purged?.Before is not { } record)
            return false;
        await eraser.RemoveAsync(record, (what, error) => LogLeft(logger, what, id, error));
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The clock jumped by {Jump}, so the age of what is in the trash is unknown. It is purged later.")]
    private static partial void LogJump(ILogger logger, TimeSpan jump);

    [LoggerMessage(LogLevel.Information, "Erased {Count} images whose time in the trash was over.")]
    private static partial void LogPurged(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "The {What} of the erased image {ImageId} could not be removed; a sweep will.")]
    private static partial void LogLeft(ILogger logger, string what, Guid imageId, Exception error);
}
