using ImageAspire.Core.Errors;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Database;

/// <summary>Says in words that callers know what SQLite says in numbers.</summary>
internal static class StoreErrors
{
    // Source: sqlite.org/rescode.html.
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    // A full disk is "full" only when the system says ENOSPC; a quota or a limit of the process is a write that fails.
    private const int WriteFailed = 778, NoSharedMemory = 4874;

    /// <summary>What may be mended by itself or by an operator, as such; any other error as it is.</summary>
    /// <param name="error">The error.</param>
    /// <param name="path">The database.</param>
    public static Exception Translate(Exception error, string path)
    {
        if (error is not SqliteException cause || Find(cause) is not var (problem, words))
            return error;
        return new StoreUnavailableException($"The database '{path}' cannot be used now: {words} ({cause.Message.TrimEnd('.')}).", cause)
        {
            // After a sync that failed, the disk may have all of it nevertheless.
            Problem = problem, NothingWritten = cause.SqliteErrorCode != InputOutput || cause.SqliteExtendedErrorCode is WriteFailed or NoSharedMemory,
        };
    }

    /// <summary>The file is no longer where it was: what is written into it, nobody could open again.</summary>
    public static StoreUnavailableException Moved(string path) => new(
        $"The database '{path}' was moved or deleted while it was open. Put it back, with its -wal and -shm files; or restore a backup and start this service again.")
        { Problem = StoreProblem.Missing, NothingWritten = true };

    private static (StoreProblem Problem, string Words)? Find(SqliteException error) => (error.SqliteErrorCode, error.SqliteExtendedErrorCode) switch
    {
        (Busy or Locked, _) => (StoreProblem.Busy, "another program holds its lock. It goes on when the lock is given up"),
        (ReadOnly, _) => (StoreProblem.ReadOnly, "it can only be read. Give this user the right to write there, or mount the disk for writing"),
        (Full, _) => (StoreProblem.Full, "the disk is full. Make room; it goes on by itself"),
        (InputOutput, WriteFailed or NoSharedMemory) => (StoreProblem.Full, "the disk takes no more, because it is full or over a quota. Make room; it goes on by itself"),
        (InputOutput, _) => (StoreProblem.Unavailable, "the disk does not work"),
        (CannotOpen, _) => (StoreProblem.Missing, "it cannot be opened. Its folder is gone, or too many files are open"),
        (Corrupt, _) => (StoreProblem.Damaged, "it is damaged. Stop everything and restore a backup"),
        (NotADatabase, _) => (StoreProblem.Damaged, "it is no database, or damaged from its beginning. Stop everything and restore a backup"),
        _ => null,
    };
}
