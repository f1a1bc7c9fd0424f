using System.Globalization;
using ImageAspire.Core.Pipeline;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Database;
using ImageAspire.Embedded.Events;
using ImageAspire.Embedded.Reports;

namespace ImageAspire.Embedded.Backup;

/// <summary>What the pages of records are compared with: how things were at one moment.</summary>
/// <param name="Newest">Row of the newest image.</param>
/// <param name="AuditPending">Messages that the audit log has not got yet; null when there is no sound one.</param>
internal sealed record StoreMoment(long Newest, long? AuditPending);

/// <summary>Looks whether databases agree with themselves and with each other, all of one moment.</summary>
/// <param name="of">The snapshot of a database; null for none.</param>
/// <param name="report">Where to tell.</param>
internal sealed class AgreementChecks(Func<string, SqliteSession?> of, VerificationReport report)
{
    private const string Audit = "record-audit";
    private const string Reports = "update-reports";

    /// <summary>Looks, and remembers what the records are compared with.</summary>
    public StoreMoment Run(DateTimeOffset now)
    {
        var main = of(MainDatabase.FileName)!;
        CheckFigures(main);
        CheckTopic(main);
        var pending = SubscriptionCounts.All(main, now).ToDictionary(one => one.Name, one => one.Active + one.InFlight + one.Scheduled + one.DeadLettered);
        if (of(ReportSchema.FileName) is { } reports)
            CheckReports(main, reports, pending.GetValueOrDefault(Reports));
        return new StoreMoment(Number(main, "SELECT COALESCE(max(rowid), 0) FROM images"), of(AuditSchema.FileName) is null ? null : pending.GetValueOrDefault(Audit));
    }

    private void CheckFigures(SqliteSession main)
    {
        const string remedy = "only figures and search are wrong, no image is; restore from a backup when it suits";
        if (Number(main, "SELECT count(*) FROM (SELECT status, count(*) FROM images GROUP BY status EXCEPT SELECT status, count FROM status_counts)") > 0
            || Number(main, "SELECT COALESCE(sum(count), 0) FROM status_counts") != Number(main, "SELECT count(*) FROM images"))
        {
            report.Fault("wrong-figures", "the counts of images by status are not those of the catalog", remedy);
        }

        if (Number(main, "SELECT count(*) FROM (SELECT tag, count(*) FROM image_tags WHERE archived=0 GROUP BY tag EXCEPT SELECT tag, count FROM tag_counts)") > 0)
            report.Fault("wrong-figures", "the counts of tags are not those of the catalog", remedy);
        if (Number(main, "SELECT count(*) FROM images_text") is var words && Number(main, "SELECT count(*) FROM images") is var images && words != images)
            report.Fault("wrong-figures", $"the search knows {words} images, the catalog {images}", remedy);
    }

    private void CheckTopic(SqliteSession main)
    {
        const string remedy = "restore from a backup; until then the sweeper announces waiting images again";
        var end = SubscriptionTable.EndOfLog(main);
        var subscriptions = main.Query("SELECT name, cursor FROM subscriptions", row => (Name: row.GetString(0), Cursor: row.GetInt64(1)));
        foreach (var missing in StageCatalog.Subscriptions.Select(one => one.Name).Except(subscriptions.Select(one => one.Name)))
            report.Fault("missing-subscription", missing, "start the system once: it makes those that are missing. Events before that are lost to it");
        foreach (var (name, cursor) in subscriptions.Where(one => one.Cursor > end || one.Cursor < 0))
            report.Fault("impossible-cursor", $"{name} has read up to {cursor}, and the last message is {end}", remedy);
        if (Number(main, "SELECT count(*) FROM deliveries WHERE subscription NOT IN (SELECT name FROM subscriptions)") is > 0 and var strays)
            report.Fault("stray-deliveries", $"{strays} deliveries belong to no subscription", remedy);
        if (Number(main, "SELECT count(*) FROM deliveries d WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.seq=d.seq)") is > 0 and var empty)
            report.Fault("stray-deliveries", $"{empty} deliveries have no message", remedy);
        if (Number(main, "SELECT count(*) FROM deliveries d JOIN subscriptions s ON s.name=d.subscription WHERE d.seq>s.cursor") is > 0 and var ahead)
            report.Fault("impossible-cursor", $"{ahead} deliveries are ahead of their subscription", remedy);
        if (Number(main, "SELECT count(*) FROM deliveries WHERE state=2") is > 0 and var dead)
            report.Note($"{dead} dead letters wait for a decision (/operations/).");
    }

    private void CheckReports(SqliteSession main, SqliteSession reports, long pending)
    {
        var images = Number(main, "SELECT count(*) FROM images");
        var counted = Number(reports, "SELECT COALESCE(sum(received)-sum(deleted), 0) FROM days");
        if (Math.Abs(images - counted) > pending)
        {
            report.Fault("wrong-reports", string.Create(CultureInfo.InvariantCulture,
                $"there are {images:N0} images, by the reports {counted:N0}, and only {pending:N0} events wait to be counted"),
                "images are not concerned; reports of the days in question are wrong");
        }
    }

    private static long Number(SqliteSession session, string sql) => Convert.ToInt64(session.Scalar(sql), CultureInfo.InvariantCulture);
}
