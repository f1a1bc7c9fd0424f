using ImageAspire.Core.Errors;
using ImageAspire.Core.Failpoints;
using ImageAspire.Embedded.Files;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>Runs a group of units of work in one transaction, each in a savepoint. Used on the writer's thread only.</summary>
internal sealed class GroupTransaction(SqliteSession session, string path) : IDisposable
{
    private readonly WriteScope _scope = new(session);
    private readonly WriterMutex _mutex = new(path);
    private readonly SpaceReserve _reserve = SpaceReserve.Of(path);
    private Durability _durability = Durability.Disk;

    // A full disk or an I/O error makes SQLite roll back the whole transaction.
    private bool IsOpen => SQLitePCL.raw.sqlite3_get_autocommit(session.Connection.Handle) == 0;

    /// <summary>Runs and commits a group. Every unit succeeds or fails before this returns.</summary>
    public void Run(List<WriteUnit> group)
    {
        if (TryCommit(group) is not { } error)
            return;
        var again = IsFull(error) ? group.FindAll(unit => unit.MayUseReserve) : [];
        foreach (var unit in group.Except(again))
            unit.Fail(error);
        if (again.Count == 0)
            return;
        _reserve.GiveUp();
        TruncateLog();
        if (TryCommit(again) is { } still)
            again.ForEach(unit => unit.Fail(still));
    }

    public void Dispose()
    {
        _mutex.Dispose();
        session.Dispose();
    }

    // Null when it was committed. Units that failed for themselves have failed already.
    private Exception? TryCommit(List<WriteUnit> group)
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
            return SqliteErrors.Translate(cause, path);
        }

        group.ForEach(unit => unit.Succeed());
        return null;
    }

    // The log may have grown to tens of megabytes, and goes on growing until its next checkpoint. Readers that still use it are not waited
    // for as long as usual: other writes wait meanwhile.
    private void TruncateLog()
    {
        try
        {
            using (_mutex.Acquire())
            {
                session.Run("PRAGMA busy_timeout=500");
                session.Run("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        }
        catch (Exception error) when (error is SqliteException or IOException)
        {
            // The commit that follows shows whether there is room.
        }
        finally
        {
            session.Run(SqliteSession.BusyTimeout);
        }
    }

    private static bool IsFull(Exception error) => error is StoreUnavailableException { Problem: StoreProblem.Full };

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
        catch (Exception cause) when (IsOpen && SqliteErrors.Translate(cause, path) is var error && !(unit.MayUseReserve && IsFull(error)))
        {
            session.Run("ROLLBACK TO unit");
            session.Run("RELEASE unit");
            unit.Fail(error);
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
