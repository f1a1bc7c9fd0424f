using ImageAspire.Core.Errors;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>Refuses a SQLite that is too old, which another package or library can load into this process.</summary>
internal static class SqliteVersion
{
    // Before it, several processes that write could lose what was committed (sqlite.org/wal.html, "The WAL-Reset Bug").
    private static readonly Version Oldest = new(3, 51, 3);

    /// <summary>Throws when this version is not safe for writing.</summary>
    /// <param name="version">SQLite's version, for example <c>3.53.3</c>.</param>
    /// <exception cref="StoreUnavailableException">It is too old.</exception>
    public static void Check(string version)
    {
        if (Version.Parse(version) < Oldest)
        {
            throw new StoreUnavailableException(
                $"SQLite {version} was loaded, and versions before {Oldest} can lose data when several processes write. Use the library that comes with Microsoft.Data.Sqlite.")
                { Problem = StoreProblem.Incompatible, NothingWritten = true };
        }
    }
}
