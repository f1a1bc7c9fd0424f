using ImageAspire.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>Releases the messages of dead processes at once, instead of when their locks expire. Every listening process looks for them.</summary>
/// <param name="database">The topic's database; the lock files are in a folder beside it.</param>
/// <param name="logger">Log.</param>
internal sealed partial class AbandonedLockReclaimer(SqliteDatabase database, ILogger logger) : IDisposable
{
    private const string Folder = "holders";
    private ProcessLockFile? _own;

    /// <summary>Marks this process's locks of messages; null when others could not detect that it has ended.</summary>
    public string? ProcessId => _own?.Id;

    /// <summary>Creates the lock file of this process. Before it locks its first message.</summary>
    public void Start() => _own = ProcessLockFile.TryCreate(Path.Combine(Path.GetDirectoryName(database.FilePath)!, Folder), logger);

    /// <summary>Releases the messages of processes that have ended since the last call.</summary>
    /// <param name="notify">Wakes the subscribers.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task ReclaimAsync(Action notify, CancellationToken cancellationToken)
    {
        foreach (var abandoned in _own?.FindAbandoned() ?? [])
        {
            using (abandoned)
            {
                var id = abandoned.Id;
                var released = await database.WriteAsync(scope =>
                {
                    scope.AfterCommit(notify);
                    return MessageClaims.ReleaseAll(scope.Session, id);
                }, Durability.Process, cancellationToken);
                if (released > 0)
                    LogReleased(logger, released);
                abandoned.Remove(); // last: if something failed, the next call finds it again
            }
        }
    }

    public void Dispose() => _own?.Remove();

    [LoggerMessage(LogLevel.Warning, "A process died with {Count} locked messages; they are delivered again now.")]
    private static partial void LogReleased(ILogger logger, int count);
}
