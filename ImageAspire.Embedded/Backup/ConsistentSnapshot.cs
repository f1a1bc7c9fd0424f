using ImageAspire.Embedded.Database;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Backup;

/// <summary>
/// All databases as they were at one moment. For that moment nobody writes: every write lock is taken, a snapshot of every file is
/// opened, and the locks are given back, all within milliseconds. So the topic's cursors and what its subscribers have stored agree.
/// </summary>
/// <remarks>
/// A snapshot that stays open lets the write-ahead log of its file grow by what is written meanwhile; <see cref="Release"/> each as soon
/// as it was read.
/// </remarks>
internal sealed class ConsistentSnapshot : IDisposable
{
    private readonly List<(StoreDatabase Database, SqliteSession Session)> _snapshots = [];

    private ConsistentSnapshot()
    {
    }

    /// <summary>The databases that there are.</summary>
    public IReadOnlyList<StoreDatabase> Databases => [.. _snapshots.Select(one => one.Database)];

    /// <summary>Takes the cut. Blocks for as long as a write of others takes.</summary>
    /// <exception cref="BackupException">A file cannot be read, or somebody writes without end.</exception>
    public static ConsistentSnapshot Take(string folder)
    {
        var cut = new ConsistentSnapshot();
        var writers = new List<(SqliteSession Session, WriterMutex Turn)>();
        var at = "";
        try
        {
            foreach (var database in StoreFiles.Find(folder))
            {
                var path = Path.Combine(folder, at = database.File);
                writers.Add((new SqliteSession(path, readOnly: false), new WriterMutex(SqliteDatabase.TurnName(path))));
                cut._snapshots.Add((database, new SqliteSession(path, readOnly: true)));
            }

            cut.Open(writers, 0, ref at);
            return cut;
        }
        catch (SqliteException error)
        {
            cut.Dispose();
            throw new BackupException($"{at} cannot be read: {error.Message}. If it is locked, try again; if it is damaged, see 'verify'.", error);
        }
        catch
        {
            cut.Dispose();
            throw;
        }
        finally
        {
            foreach (var (session, turn) in writers)
            {
                session.Dispose();
                turn.Dispose();
            }
        }
    }

    /// <summary>The snapshot of a database; null when there is no such file, or it was released.</summary>
    public SqliteSession? Of(string file) => _snapshots.Find(one => one.Database.File == file).Session;

    /// <summary>Gives a snapshot back.</summary>
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

    // Nested, so that all locks are held together and each is given back on the thread that took it.
    private void Open(List<(SqliteSession Session, WriterMutex Turn)> writers, int index, ref string at)
    {
        if (index == writers.Count)
        {
            foreach (var (database, snapshot) in _snapshots)
            {
                at = database.File;
                snapshot.Run("BEGIN");
                snapshot.Scalar("SELECT count(*) FROM sqlite_schema"); // the first read is what opens it
            }

            return;
        }

        at = _snapshots[index].Database.File;
        using (writers[index].Turn.Take())
        {
            writers[index].Session.Run("BEGIN IMMEDIATE");
            Open(writers, index + 1, ref at);
            writers[index].Session.Run("ROLLBACK");
        }
    }
}
