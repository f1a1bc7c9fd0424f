using System.Globalization;
using ImageAspire.Core.Pipeline;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Reports;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;

namespace ImageAspire.Embedded.Backup;

/// <summary>Facts of one snapshot, with which the records are compared.</summary>
/// <param name="Newest">Rowid of the newest image.</param>
/// <param name="AuditPending">Messages that are not in the audit log yet; null when there is no usable audit log.</param>
internal sealed record SnapshotFacts(long Newest, long? AuditPending);

/// <summary>Checks that the databases of one snapshot are consistent, each in itself and with each other.</summary>
/// <param name="of">Gives the snapshot of a database; null when there is none.</param>
/// <param name="report">Takes the faults.</param>
internal sealed class ConsistencyChecks(Func<string, SqliteSession?> of, VerificationReport report)
{
    private const string Audit = "record-audit";
    private const string Reports = "update-reports";
    private const string NotInTrash = "SELECT count(*) FROM images WHERE archived IN (0, 1)";

    /// <summary>Runs the checks; returns the facts with which the records are compared.</summary>
    public SnapshotFacts Run(DateTimeOffset now)
    {
        var main = of(MainDatabase.FileName)!;
        CheckFigures(main);
        CheckTopic(main);
        var pending = SubscriptionCounts.All(main, now).ToDictionary(one => one.Name, one => one.Active + one.InFlight + one.Scheduled + one.DeadLettered);
        if (of(ReportSchema.FileName) is { } reports)
            CheckReports(main, reports, pending.GetValueOrDefault(Reports));
        return new SnapshotFacts(Number(main, "SELECT COALESCE(max(rowid), 0) FROM images"), of(AuditSchema.FileName) is null ? null : pending.GetValueOrDefault(Audit));
    }

    private void CheckFigures(SqliteSession main)
    {
        const string remedy = "only figures and search are affected, no image; restore a backup at your convenience";
        if (Number(main, "SELECT count(*) FROM (SELECT status, count(*) FROM images WHERE archived IN (0, 1) GROUP BY status EXCEPT SELECT status, count FROM status_counts)") > 0
            || Number(main, "SELECT COALESCE(sum(count), 0) FROM status_counts") != Number(main, NotInTrash))
        {
            report.Fault("wrong-figures", "the counts of images by status differ from the catalog", remedy);
        }

        if (Number(main, "SELECT count(*) FROM (SELECT tag, count(*) FROM image_tags WHERE archived=0 GROUP BY tag EXCEPT SELECT tag, count FROM tag_counts)") > 0)
            report.Fault("wrong-figures", "the counts of tags differ from the catalog", remedy);
        const string uploaders = """
            SELECT COALESCE(json_extract(doc, '$.uploadedByKey'), 'name ' || json_extract(doc, '$.uploadedBy')), SUM(json_extract(doc, '$.bytes')) FROM images GROUP BY 1
            """;
        // A backup may be older than the table; a record that cannot be read is a fault of its own.
        if (Number(main, "SELECT count(*) FROM sqlite_master WHERE name='stored_bytes'") > 0
            && Number(main, "SELECT count(*) FROM images WHERE NOT json_valid(doc)") == 0
            && Number(main, $"SELECT (SELECT count(*) FROM ({uploaders} EXCEPT SELECT uploader, bytes FROM stored_bytes)) + (SELECT count(*) FROM (SELECT uploader, bytes FROM stored_bytes EXCEPT {uploaders}))") > 0)
        {
            report.Fault("wrong-figures", "the bytes that count for quotas of keys differ from the catalog", remedy);
        }

        if (Number(main, "SELECT count(*) FROM sqlite_master WHERE name='image_metadata'") > 0
            && Number(main, "SELECT count(*) FROM (SELECT rowid, archived FROM images EXCEPT SELECT image, archived FROM image_metadata)")
            + Number(main, "SELECT count(*) FROM (SELECT image FROM image_metadata EXCEPT SELECT rowid FROM images)") is > 0 and var metadata)
        {
            report.Fault("wrong-figures", $"the index of dates, ratings, cameras and places differs from the catalog for {metadata} images", remedy);
        }

        if (Number(main, "SELECT count(*) FROM sqlite_master WHERE name='vectors'") > 0
            && Number(main, "SELECT count(*) FROM (SELECT DISTINCT image FROM vectors EXCEPT SELECT rowid FROM images)")
            + Number(main, "SELECT count(*) FROM vector_models m WHERE m.count<>(SELECT count(*) FROM vectors v WHERE v.model=m.id)") > 0)
        {
            report.Fault("wrong-figures", "the vectors of images differ from the catalog", remedy);
        }

        if (Number(main, "SELECT count(*) FROM images_text") is var words && Number(main, "SELECT count(*) FROM images") is var images && words != images)
            report.Fault("wrong-figures", $"the search index has {words} images, the catalog {images}", remedy);
    }

    private void CheckTopic(SqliteSession main)
    {
        const string remedy = "restore a backup; until then the sweeper publishes waiting images again";
        var end = MessageLog.End(main);
        var subscriptions = main.Query("SELECT name, cursor FROM subscriptions", row => (Name: row.GetString(0), Cursor: row.GetInt64(1)));
        foreach (var missing in StageCatalog.Subscriptions.Select(one => one.Name).Except(subscriptions.Select(one => one.Name)))
            report.Fault("missing-subscription", missing, "start the system once: it creates missing subscriptions. This one does not get earlier events");
        foreach (var (name, cursor) in subscriptions.Where(one => one.Cursor > end || one.Cursor < 0))
            report.Fault("impossible-cursor", $"{name} has read up to {cursor}, but the last message is {end}", remedy);
        if (Number(main, "SELECT count(*) FROM deliveries WHERE subscription NOT IN (SELECT name FROM subscriptions)") is > 0 and var orphaned)
            report.Fault("stray-deliveries", $"{orphaned} deliveries belong to no subscription", remedy);
        if (Number(main, "SELECT count(*) FROM deliveries d WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.seq=d.seq)") is > 0 and var empty)
            report.Fault("stray-deliveries", $"{empty} deliveries have no message", remedy);
        if (Number(main, "SELECT count(*) FROM deliveries d JOIN subscriptions s ON s.name=d.subscription WHERE d.seq>s.cursor") is > 0 and var ahead)
            report.Fault("impossible-cursor", $"{ahead} deliveries are ahead of their subscription", remedy);
        if (Number(main, "SELECT count(*) FROM deliveries WHERE state=2") is > 0 and var dead)
            report.Note($"{dead} dead letters wait for a decision (/operations/).");
    }

    private void CheckReports(SqliteSession main, SqliteSession reports, long pending)
    {
        var images = Number(main, NotInTrash);
        var counted = Number(reports, "SELECT COALESCE(sum(received)-sum(deleted), 0) FROM days");
        if (Math.Abs(images - counted) > pending)
        {
            report.Fault("wrong-reports", string.Create(CultureInfo.InvariantCulture,
                $"there are {images:N0} images, but {counted:N0} in the reports, and only {pending:N0} events are not counted yet"),
                "images are not affected; reports of some days are wrong");
        }
    }

    private static long Number(SqliteSession session, string sql) => Convert.ToInt64(session.Scalar(sql), CultureInfo.InvariantCulture);
}
