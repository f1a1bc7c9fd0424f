using ImageAspire.Core.Failpoints;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>Runs a group of units of work in one transaction, each in a savepoint. Used on the writer's thread only.</summary>
internal sealed class GroupTransaction(SqliteSession session, string path) : IDisposable
{
    private readonly WriteScope _scope = new(session);
    private readonly WriterMutex _mutex = new(path);
    private Durability _durability = Durability.Disk;

    // A full disk or an I/O error makes SQLite roll back the whole transaction.
    private bool IsOpen => SQLitePCL.raw.sqlite3_get_autocommit(session.Connection.Handle) == 0;

    /// <summary>Runs and commits a group. Every unit succeeds or fails before this returns.</summary>
    public void Run(List<WriteUnit> group)
    {
        try
        {
            Commit(group);
            _scope.Committed();
        }
        catch (Exception cause)
        {
            _scope.RolledBack();
            if (IsOpen)
                session.Run("ROLLBACK");
            var error = SqliteErrors.Translate(cause, path);
            foreach (var unit in group)
                unit.Fail(error);
            return;
        }

        foreach (var unit in group)
            unit.Succeed();
    }

    public void Dispose()
    {
        _mutex.Dispose();
        session.Dispose();
    }

    private void Commit(List<WriteUnit> group)
    {
        using (_mutex.Acquire())
        {
            SetDurability(group.Exists(unit => unit.Durability == Durability.Disk) ? Durability.Disk : Durability.Process);
            session.Run("BEGIN IMMEDIATE");
            Failpoint.Hit(FailpointNames.DatabaseBegun);
            // A write to a file that was moved or deleted would be acknowledged and then lost.
            if (SqliteFile.HasMoved(session.Connection.Handle!))
                throw SqliteErrors.Moved(path);
            foreach (var unit in group)
                RunInSavepoint(unit);
            Failpoint.Hit(FailpointNames.DatabaseBeforeCommit);
            session.Run("COMMIT");
            Failpoint.Hit(FailpointNames.DatabaseCommitted);
        }
    }

    private void RunInSavepoint(WriteUnit unit)
    {
        session.Run("SAVEPOINT unit");
        try
        {
            unit.Run(_scope);
            session.Run("RELEASE unit");
        }
        catch (Exception error) when (IsOpen)
        {
            session.Run("ROLLBACK TO unit");
            session.Run("RELEASE unit");
            unit.Fail(SqliteErrors.Translate(error, path));
        }
    }

    private void SetDurability(Durability wanted)
    {
        if (wanted == _durability)
            return;
        session.Run(wanted == Durability.Disk ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        _durability = wanted;
    }
}
