using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Operations;

/// <summary>Tables of the work that runs beside the stages, in a file of their own: runs over many images, the scrub, the heartbeats of the processes, and the alarms.</summary>
internal static class OperationsSchema
{
    /// <summary>The last run of each stage.</summary>
    public static readonly Migration Version1 = new("CREATE TABLE runs(stage TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL) WITHOUT ROWID");

    /// <summary>The scrub's progress, and the damaged originals that it found. Times are milliseconds since 1970.</summary>
    public static readonly Migration Version2 = new("""
        CREATE TABLE scrub(one INTEGER PRIMARY KEY CHECK(one=1), version INTEGER NOT NULL, data TEXT NOT NULL);
        CREATE TABLE scrub_findings(image BLOB PRIMARY KEY, seen_at INTEGER NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX scrub_findings_seen ON scrub_findings(seen_at);
        """);

    /// <summary>The last heartbeat of each process.</summary>
    public static readonly Migration Version3 = new("CREATE TABLE heartbeats(process BLOB PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID");

    /// <summary>The alarms.</summary>
    public static readonly Migration Version4 = new("CREATE TABLE alarms(one INTEGER PRIMARY KEY CHECK(one=1), version INTEGER NOT NULL, data TEXT NOT NULL)");

    /// <summary>Name of the file.</summary>
    public const string FileName = "operations.db";

    /// <summary>Steps are only ever added at the end.</summary>
    public static readonly IReadOnlyList<Migration> Migrations = [Version1, Version2, Version3, Version4];

    /// <summary>Opens the file in a data folder.</summary>
    public static SqliteDatabase Open(DataFolder folder) => SqliteDatabase.Open(folder.PrivateFile(FileName), Migrations);
}
