using System.Globalization;
using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Upgrades;

/// <summary>Compares the schema versions of a data folder's databases with those of this build.</summary>
internal static class StoreVersions
{
    /// <summary>Checks all databases that exist, and SQLite itself.</summary>
    /// <param name="folder">The data folder, which may be new.</param>
    /// <returns>The databases of an earlier version.</returns>
    /// <exception cref="StoreUnavailableException">Some are newer (<see cref="StoreProblem.Incompatible"/>; all are named), or one cannot be read.</exception>
    public static IReadOnlyList<StoreDatabase> Check(string folder)
    {
        var versions = StoreFiles.Databases.Where(one => File.Exists(Path.Combine(folder, one.File)))
            .Select(one => (Database: one, Found: Read(Path.Combine(folder, one.File)))).ToList();
        SqliteVersion.Check(SqliteSession.LoadedVersion);
        var newer = versions.Where(one => one.Found > one.Database.Schema).ToList();
        return newer.Count == 0
            ? [.. versions.Where(one => one.Found < one.Database.Schema).Select(one => one.Database)]
            : throw SqliteErrors.Newer(folder, newer.Select(one => $"{one.Database.File} has schema version {one.Found} instead of {one.Database.Schema}"));
    }

    private static int Read(string path)
    {
        try
        {
            using var session = SqliteSession.OpenPlain(path);
            return Convert.ToInt32(session.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Translate(error, path);
        }
    }
}
