using System.Globalization;
using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Database;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Backup;

/// <summary>Looks at each database for itself.</summary>
internal static class DatabaseChecks
{
    private const int MostProblems = 5;
    private const string Restore = "stop the system, restore the last good backup into a new folder, and keep this one for what can be saved from it";

    /// <summary>Whether a database can be used.</summary>
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
            report.Fault("newer-database", $"{database.File} has schema version {schema}; this version of ImageAspire knows only {database.Schema}", "use the newer version");
            return false;
        }
        catch (SqliteException error) when (StoreErrors.Translate(error, database.File) is not StoreUnavailableException { Problem: not StoreProblem.Damaged })
        {
            report.Fault("damaged-database", $"{database.File}: {error.Message}", Restore);
            return false;
        }
    }
}
