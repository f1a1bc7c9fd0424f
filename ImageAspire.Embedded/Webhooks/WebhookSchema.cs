using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Webhooks;

/// <summary>Tables of the webhooks and their deliveries, in a file of their own.</summary>
internal static class WebhookSchema
{
    /// <summary>Times are milliseconds since 1970. State: 0 pending, 1 delivered, 2 failed. A finished delivery has an ended_at and no due.</summary>
    public static readonly Migration Version1 = new("""
        CREATE TABLE webhooks(id BLOB PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE deliveries(
            id BLOB NOT NULL UNIQUE,
            webhook BLOB NOT NULL,
            event BLOB NOT NULL,
            type TEXT NOT NULL,
            image BLOB,
            trace_parent TEXT,
            body TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            state INTEGER NOT NULL,
            tries INTEGER NOT NULL,
            due INTEGER,
            lease BLOB,
            ended_at INTEGER,
            attempts TEXT NOT NULL);
        CREATE UNIQUE INDEX deliveries_once ON deliveries(webhook, event);
        CREATE INDEX deliveries_newest ON deliveries(webhook, id);
        CREATE INDEX deliveries_due ON deliveries(webhook, due) WHERE due IS NOT NULL;
        CREATE INDEX deliveries_ended ON deliveries(ended_at) WHERE ended_at IS NOT NULL;
        """);

    /// <summary>The latest time that was recorded.</summary>
    public static readonly Migration Version2 = new(ClockJumpDetector.Table);

    /// <summary>Name of the file.</summary>
    public const string FileName = "webhooks.db";

    /// <summary>Steps are only ever added at the end.</summary>
    public static readonly IReadOnlyList<Migration> Migrations = [Version1, Version2];

    /// <summary>Opens the file in a data folder. It holds secrets, so only this user can read it.</summary>
    public static SqliteDatabase Open(DataFolder folder) => SqliteDatabase.Open(folder.PrivateFile(FileName), Migrations);
}
