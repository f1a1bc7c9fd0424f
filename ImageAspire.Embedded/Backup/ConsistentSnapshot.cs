using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Backup;

/// <summary>
/// All databases as they were at one moment: every write lock is acquired, a snapshot of every file is opened, and the locks are released,
/// all within milliseconds. So the topic's cursors agree with what its subscribers have stored.
/// </summary>
/// <remarks>
/// While a snapshot is open, the write-ahead log of its file grows by what is written meanwhile; <see cref="Release"/> each as soon as it
/// is read.
/// </remarks>
internal sealed class ConsistentSnapshot : IDisposable
{
    private readonly List<(StoreDatabase Database, SqliteSession Session)> _snapshots = [];

    private ConsistentSnapshot()
    {
    }

    /// <summary>The databases that exist.</summary>
    public IReadOnlyList<StoreDatabase> Databases => [.. _snapshots.Select(one => one.Database)];

    /// <summary>Takes the snapshot. Blocks while other processes write.</summary>
    /// <exception cref="BackupException">A file cannot be read, or stays locked.</exception>
    public static ConsistentSnapshot Take(string folder)
    {
        var snapshot = new ConsistentSnapshot();
        var writers = new List<(SqliteSession Session, WriterMutex Mutex)>();
        var at = "";
        try
        {
            foreach (var database in StoreFiles.Find(folder))
            {
                var path = Path.Combine(folder, at = database.File);
                writers.Add((new SqliteSession(path, readOnly: false), new WriterMutex(path)));
                snapshot._snapshots.Add((database, new SqliteSession(path, readOnly: true)));
            }

            snapshot.Open(writers, 0, ref at);
            return snapshot;
        }
        catch (SqliteException error)
        {
            snapshot.Dispose();
            throw new BackupException(SqliteErrors.Translate(error, at) is StoreUnavailableException { Problem: StoreProblem.Busy } ? BackupProblem.Busy : BackupProblem.Damaged,
                $"{at} cannot be read: {error.Message}. If it is locked, try again; if it is damaged, see 'verify'.", error);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
        finally
        {
            foreach (var (session, mutex) in writers)
            {
                session.Dispose();
                mutex.Dispose();
            }
        }
    }

    /// <summary>The snapshot of a database; null when there is no such file, or it was released.</summary>
    public SqliteSession? Of(string file) => _snapshots.Find(one => one.Database.File == file).Session;

    /// <summary>Closes the snapshot of a database.</summary>
    public void Release(StoreDatabase database)
    {
        var index = _snapshots.FindIndex(one => one.Database == database);
        _snapshots[index].Session.Dispose();
        _snapshots.RemoveAt(index);
    }

    public void Dispose()
    {
        foreach (var (_, session) in _snapshots)
            session.Dispose();
        _snapshots.Clear();
    }

    // Recursive, so that all locks are held together and each is released on the thread that acquired it.
    private void Open(List<(SqliteSession Session, WriterMutex Mutex)> writers, int index, ref string at)
    {
        if (index == writers.Count)
        {
            foreach (var (database, session) in _snapshots)
            {
                at = database.File;
                session.Run("BEGIN");
                session.Scalar("SELECT count(*) FROM sqlite_schema"); // the first read is what opens it
            }

            return;
        }

        at = _snapshots[index].Database.File;
        using (writers[index].Mutex.Acquire())
        {
            writers[index].Session.Run("BEGIN IMMEDIATE");
            Open(writers, index + 1, ref at);
            writers[index].Session.Run("ROLLBACK");
        }
    }
}
