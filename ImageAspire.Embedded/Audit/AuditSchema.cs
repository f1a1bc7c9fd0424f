using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Audit;

/// <summary>Tables of the audit log, in a file of its own that only the audit stage writes.</summary>
internal static class AuditSchema
{
    /// <summary>Append-only by triggers in the file, whatever code opens it.</summary>
    public static readonly Migration Version1 = new("""
        CREATE TABLE audit(
            sequence INTEGER PRIMARY KEY,
            event_id BLOB NOT NULL UNIQUE,
            type TEXT NOT NULL,
            image BLOB NOT NULL,
            actor TEXT NOT NULL,
            at INTEGER NOT NULL,
            trace_parent TEXT,
            data TEXT NOT NULL);
        CREATE INDEX audit_image ON audit(image);
        CREATE INDEX audit_actor ON audit(actor);
        CREATE INDEX audit_type ON audit(type);
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
        """);

    /// <summary>Finds a short period long ago, or one with few entries, without a full scan.</summary>
    public static readonly Migration Version2 = new("CREATE INDEX audit_at ON audit(at);");

    /// <summary>The hash chain (<see cref="AuditRows"/>), also over the entries of earlier versions. An entry's number is its <c>sequence</c>.</summary>
    public static readonly Migration Version3 = new("ALTER TABLE audit ADD COLUMN hash BLOB; DROP TRIGGER audit_no_update;", session =>
    {
        AuditRows.LinkAll(session);
        session.Run("CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;");
    });

    /// <summary>Name of the file.</summary>
    public const string FileName = "audit.db";

    /// <summary>Steps are only ever added at the end.</summary>
    public static readonly IReadOnlyList<Migration> Migrations = [Version1, Version2, Version3];

    /// <summary>Opens the file in a data folder.</summary>
    public static SqliteDatabase Open(DataFolder folder) => SqliteDatabase.Open(folder.PrivateFile(FileName), Migrations);
}
