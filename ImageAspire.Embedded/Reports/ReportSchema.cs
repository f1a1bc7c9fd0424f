using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Reports;

/// <summary>Tables of the reporting store, in a file of their own. Days are numbers (<see cref="DateOnly.DayNumber"/>).</summary>
internal static class ReportSchema
{
    public static readonly Migration Version1 = new("""
        CREATE TABLE days(
            day INTEGER PRIMARY KEY,
            received INTEGER NOT NULL DEFAULT 0,
            bytes INTEGER NOT NULL DEFAULT 0,
            analyzed INTEGER NOT NULL DEFAULT 0,
            rejected INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0,
            deleted INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE day_failures(day INTEGER NOT NULL, code TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(day, code)) WITHOUT ROWID;
        CREATE TABLE day_tags(day INTEGER NOT NULL, tag TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(day, tag)) WITHOUT ROWID;
        CREATE TABLE day_durations(day INTEGER NOT NULL, bucket INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(day, bucket)) WITHOUT ROWID;
        CREATE TABLE seen_events(event_id BLOB PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE analyzed_images(image BLOB PRIMARY KEY) WITHOUT ROWID;
        """);

    /// <summary>Name of the file.</summary>
    public const string FileName = "reports.db";

    /// <summary>Steps are only ever added at the end.</summary>
    public static readonly IReadOnlyList<Migration> Migrations = [Version1];

    /// <summary>Opens the file in a data folder.</summary>
    public static SqliteDatabase Open(DataFolder folder) => SqliteDatabase.Open(folder.PrivateFile(FileName), Migrations);
}
