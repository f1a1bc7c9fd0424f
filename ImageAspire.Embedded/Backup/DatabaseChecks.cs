using System.Globalization;
using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Backup;

/// <summary>Checks a database by itself.</summary>
internal static class DatabaseChecks
{
    private const int MostProblems = 5;
    private const string Restore = "stop the system, restore the last good backup into a new folder, and keep this one to recover what is not in the backup";

    /// <summary>Whether a database is undamaged and of a known schema version.</summary>
    public static bool IsSound(StoreDatabase database, Func<string, SqliteSession> open, VerificationReport report)
    {
        try
        {
            using var session = open(database.File);
            var problems = session.Query($"PRAGMA integrity_check({MostProblems})", row => row.GetString(0));
            if (problems is not ["ok"])
            {
                report.Fault("damaged-database", $"{database.File}: {string.Join("; ", problems)}", Restore);
                return false;
            }

            var schema = Convert.ToInt32(session.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
            if (schema <= database.Schema)
                return true;
            report.Fault("newer-database", $"{database.File} has schema version {schema}; this version of ImageAspire supports only {database.Schema}", "use the newer version");
            return false;
        }
        catch (SqliteException error) when (SqliteErrors.Translate(error, database.File) is not StoreUnavailableException { Problem: not StoreProblem.Damaged })
        {
            report.Fault("damaged-database", $"{database.File}: {error.Message}", Restore);
            return false;
        }
    }
}
