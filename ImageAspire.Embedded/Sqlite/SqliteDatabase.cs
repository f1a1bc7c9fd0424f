using System.Collections.Concurrent;
using System.Globalization;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Embedded.Files;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>
/// One SQLite file, shared by several processes. All writes of a process go through one thread that commits whatever is
/// queued in one transaction (group commit), so that a hundred writers pay for one disk sync. Reads run concurrently.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MaxReaders = 16;
    private readonly string _path;
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SemaphoreSlim _readSlots = new(MaxReaders);
    private readonly GroupCommitter _committer;
    private volatile bool _disposed;

    private SqliteDatabase(string path, SqliteSession writer)
    {
        _path = path;
        WriterSession = writer;
        _committer = new GroupCommitter(writer, path);
    }

    /// <summary>Absolute path of the file.</summary>
    public string FilePath => Path.GetFullPath(_path);

    /// <summary>The write connection, only for actions that run on the writer's thread after a commit.</summary>
    public SqliteSession WriterSession { get; }

    /// <summary>Opens or creates the file and brings its schema up to date. Safe when several processes start at once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="migrations">The schema's history.</param>
    /// <param name="prepare">Runs at every start, after the migrations and in their transaction.</param>
    /// <exception cref="StoreUnavailableException">The file cannot be opened, is damaged, or was written by a newer version of ImageAspire; or SQLite is too old.</exception>
    public static SqliteDatabase Open(string path, IReadOnlyList<Migration> migrations, Action<SqliteSession>? prepare = null)
    {
        SqliteSession? writer = null;
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            writer = new SqliteSession(path, readOnly: false);
            SqliteVersion.Check(writer.Connection.ServerVersion);
            Migrate(path, writer, migrations, prepare);
            return new SqliteDatabase(path, writer);
        }
        catch (Exception error)
        {
            writer?.Dispose();
            throw DiskErrors.Translate(SqliteErrors.Translate(error, path), path, DependencyNames.Documents);
        }
    }

    /// <summary>
    /// Runs a unit of work in the next group commit, in isolation. When it throws, only its own changes are rolled back. When this
    /// returns, the work has the requested durability.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<WriteScope, T> work, Durability durability, CancellationToken cancellationToken) =>
        _committer.EnqueueAsync(work, durability, mayUseReserve: false, cancellationToken);

    /// <summary>
    /// The same, durable on the disk, for deletes and other acts of operators: when the disk is full, the reserve of space
    /// (<see cref="SpaceReserve"/>) is given up for them.
    /// </summary>
    public Task<T> WriteWithReserveAsync<T>(Func<WriteScope, T> work, CancellationToken cancellationToken) =>
        _committer.EnqueueAsync(work, Durability.Disk, mayUseReserve: true, cancellationToken);

    /// <summary>Runs a query on a snapshot, on the calling thread: with the page cache warm, a hop would cost more than the query.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> query, CancellationToken cancellationToken)
    {
        await _readSlots.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return Read(query);
        }
        catch (SqliteException error) when (SqliteErrors.Translate(error, _path) is StoreUnavailableException unavailable)
        {
            throw unavailable;
        }
        finally
        {
            _readSlots.Release();
        }
    }

    /// <summary>Checks that writes are possible, with an empty write transaction. Like every write it detects a file that was moved or deleted.</summary>
    public Task ProbeAsync(CancellationToken cancellationToken) =>
        WriteAsync(scope => scope.Session.Scalar("PRAGMA schema_version"), Durability.Process, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _committer.DisposeAsync();
        for (var i = 0; i < MaxReaders; i++)
            await _readSlots.WaitAsync();
        while (_readers.TryTake(out var session))
            session.Dispose();
        _readSlots.Dispose();
    }

    private T Read<T>(Func<SqliteSession, T> query)
    {
        if (!_readers.TryTake(out var session))
            session = new SqliteSession(_path, readOnly: true);
        try
        {
            var result = query(session);
            _readers.Add(session);
            return result;
        }
        catch
        {
            session.Dispose(); // its state is unknown; the next reader gets a fresh one
            throw;
        }
    }

    private static void Migrate(string path, SqliteSession writer, IReadOnlyList<Migration> migrations, Action<SqliteSession>? prepare)
    {
        using var mutex = new WriterMutex(path);
        using var _ = mutex.Acquire();
        writer.Run("BEGIN IMMEDIATE"); // of two processes that start together the second finds the work done
        var done = Convert.ToInt32(writer.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (done > migrations.Count)
            throw SqliteErrors.Newer(Path.GetDirectoryName(path)!, [$"{Path.GetFileName(path)} has schema version {done} instead of {migrations.Count}"]);

        for (; done < migrations.Count; done++)
        {
            writer.Run(migrations[done].Sql);
            migrations[done].Then?.Invoke(writer);
            writer.Run($"PRAGMA user_version={done + 1}");
        }

        prepare?.Invoke(writer);
        writer.Run("COMMIT");
    }
}
