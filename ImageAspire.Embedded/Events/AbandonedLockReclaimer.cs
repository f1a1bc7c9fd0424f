using ImageAspire.Embedded.Database;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Events;

/// <summary>Gives the messages of dead processes back at once, instead of when their locks run out. Every listening process looks.</summary>
/// <param name="database">The topic's database; the marks are beside it.</param>
/// <param name="logger">Log.</param>
internal sealed partial class AbandonedLockReclaimer(SqliteDatabase database, ILogger logger) : IDisposable
{
    private const string Folder = "holders";
    private ProcessLockFile? _mark;

    /// <summary>What this process's locks are marked with; null when nobody could tell that it is gone.</summary>
    public string? Id => _mark?.Id;

    /// <summary>From here on this process is seen to live. Before it locks its first message.</summary>
    public void Enter() => _mark = ProcessLockFile.TryTake(Path.Combine(Path.GetDirectoryName(database.FilePath)!, Folder), logger);

    /// <summary>Looks once.</summary>
    /// <param name="now">The time.</param>
    /// <param name="ring">Tells the subscribers that there is something to do.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task LookAsync(DateTimeOffset now, Action ring, CancellationToken cancellationToken)
    {
        foreach (var dead in _mark?.Gone() ?? [])
        {
            using (dead)
            {
                var id = dead.Id;
                var freed = await database.WriteAsync(scope =>
                {
                    scope.AfterCommit(ring);
                    return Deliveries.Free(scope.Session, id, now);
                }, Durability.Process, cancellationToken);
                if (freed > 0)
                    LogFreed(logger, freed);
                dead.Remove(); // only now: if something failed, the next look finds it again
            }
        }
    }

    public void Dispose() => _mark?.Remove();

    [LoggerMessage(LogLevel.Warning, "A process died with {Count} messages in its hands; they go to others now.")]
    private static partial void LogFreed(ILogger logger, int count);
}
