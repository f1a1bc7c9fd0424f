using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>Translates errors of SQLite into the errors of the ports.</summary>
internal static class SqliteErrors
{
    // Source: sqlite.org/rescode.html.
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    // A full disk is "full" only when the system says ENOSPC; a quota or a limit of the process is a write that fails.
    private const int WriteFailed = 778, NoSharedMemory = 4874;

    /// <summary>A <see cref="StoreUnavailableException"/> for an error that may pass or that an operator can fix; any other error as it is.</summary>
    /// <param name="error">The error.</param>
    /// <param name="path">The database.</param>
    public static Exception Translate(Exception error, string path)
    {
        if (error is not SqliteException cause || Find(cause) is not var (problem, explanation))
            return error;
        return new StoreUnavailableException($"The database '{path}' cannot be used now: {explanation} ({cause.Message.TrimEnd('.')}).", cause)
        {
            // After a sync that failed, all of it may be on the disk nevertheless.
            Dependency = DependencyNames.Documents, Problem = problem, NothingWritten = cause.SqliteErrorCode != InputOutput || cause.SqliteExtendedErrorCode is WriteFailed or NoSharedMemory,
        };
    }

    /// <summary>The file is no longer where it was, so that what is written to it could not be opened again.</summary>
    public static StoreUnavailableException Moved(string path) => new(
        $"The database '{path}' was moved or deleted while it was open. Put it back, with its -wal and -shm files; or restore a backup and start this service again.")
        { Dependency = DependencyNames.Documents, Problem = StoreProblem.Missing, NothingWritten = true };

    /// <summary>Databases are of a newer version of this program.</summary>
    public static StoreUnavailableException Newer(string folder, IEnumerable<string> databases) => new(
        $"The data folder '{folder}' was used by a newer version of ImageAspire: {string.Join(", ", databases)}. Start the newer version, or use the backup from before its upgrade (docs/upgrades.md).")
        { Problem = StoreProblem.Incompatible, NothingWritten = true };

    private static (StoreProblem Problem, string Explanation)? Find(SqliteException error) => (error.SqliteErrorCode, error.SqliteExtendedErrorCode) switch
    {
        (Busy or Locked, _) => (StoreProblem.Busy, "another program holds its lock. Work resumes when the lock is released"),
        (ReadOnly, _) => (StoreProblem.ReadOnly, "it is read-only. Give this user write permission there, or mount the disk for writing"),
        (Full, _) => (StoreProblem.Full, "the disk is full. Free some space; work resumes by itself"),
        (InputOutput, WriteFailed or NoSharedMemory) => (StoreProblem.Full, "the disk is full or over a quota. Free some space; work resumes by itself"),
        (InputOutput, _) => (StoreProblem.Unavailable, "the disk reports an I/O error"),
        (CannotOpen, _) => (StoreProblem.Missing, "it cannot be opened. Its folder does not exist, or too many files are open"),
        (Corrupt, _) => (StoreProblem.Damaged, "it is damaged. Stop everything and restore a backup"),
        (NotADatabase, _) => (StoreProblem.Damaged, "it is no database, or its header is damaged. Stop everything and restore a backup"),
        _ => null,
    };
}
