using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Database;

/// <summary>Says in words that callers know what SQLite says in numbers.</summary>
internal static class StoreErrors
{
    // Source: sqlite.org/rescode.html.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    /// <summary>An <see cref="IOException"/> for a full disk, a locked file and the like: what may be mended by itself; else the error itself.</summary>
    public static Exception Translate(Exception error) =>
        error is SqliteException { SqliteErrorCode: Busy or Locked or ReadOnly or InputOutput or Full or CannotOpen } cause
            ? new IOException($"The database cannot be written now: {cause.Message}", cause)
            : error;
}
