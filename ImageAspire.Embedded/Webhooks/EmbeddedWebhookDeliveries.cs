using System.Text.Json;
using ImageAspire.Core.Json;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Webhooks;

/// <summary>
/// The deliveries on SQLite. A claim is a due time in the future and a lease, which identifies its owner. Claims and attempts need not
/// survive a power cut: then a delivery is sent again, which its receiver recognises by the id.
/// </summary>
internal sealed class EmbeddedWebhookDeliveries(SqliteDatabase database, TimeProvider time) : IWebhookDeliveries
{
    private const int MaxLimit = 200;
    private const int MaxClaims = 100;
    private const int RemovedAtOnce = 16;
    private const string Columns = "id, webhook, event, type, image, trace_parent, body, created_at, state, tries, due, attempts";

    public Task EnqueueAsync(IReadOnlyList<WebhookDelivery> deliveries, CancellationToken cancellationToken) => database.WriteAsync(scope =>
    {
        var now = AdjustClock(scope.Session);
        RemoveOld(scope.Session, now);
        foreach (var one in deliveries)
        {
            scope.Session.Run("""
                INSERT INTO deliveries(id, webhook, event, type, image, trace_parent, body, created_at, state, tries, due, attempts)
                SELECT @1, @2, @3, @4, @5, @6, @7, @8, 0, 0, @9, '[]' WHERE EXISTS (SELECT 1 FROM webhooks WHERE id=@2) ON CONFLICT(webhook, event) DO NOTHING
                """, Key(one.Id), Key(one.WebhookId), Key(one.EventId), one.Type, one.ImageId is { } image ? Key(image) : null, one.TraceParent, one.Body,
                Milliseconds(one.CreatedAt), now);
        }

        return true;
    }, Durability.Disk, cancellationToken);

    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(Guid webhookId, int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MaxClaims);
        var webhook = Key(webhookId);
        // Mostly nothing is due, and reading takes no lock.
        var any = await database.ReadAsync(session => ClockJumpDetector.Detect(session, Now()) > 0
            || session.Scalar("SELECT 1 FROM deliveries WHERE webhook=@1 AND due<=@2 LIMIT 1", webhook, Now()) is not null, cancellationToken);
        if (!any)
            return [];
        var name = Guid.NewGuid();
        return await database.WriteAsync<IReadOnlyList<ClaimedDelivery>>(scope =>
        {
            var now = AdjustClock(scope.Session);
            scope.Session.Run("""
                UPDATE deliveries SET due=@3, lease=@4
                WHERE rowid IN (SELECT rowid FROM deliveries WHERE webhook=@1 AND due<=@2 ORDER BY due LIMIT @5)
                """, webhook, now, now + (long)lease.TotalMilliseconds, Key(name), most);
            return scope.Session.Query($"SELECT {Columns} FROM deliveries WHERE webhook=@1 AND due=@2 AND lease=@3 ORDER BY id",
                row => new ClaimedDelivery(Read(row), name), webhook, now + (long)lease.TotalMilliseconds, Key(name));
        }, Durability.Process, cancellationToken);
    }

    public Task<bool> RecordAsync(ClaimedDelivery claim, DeliveryAttempt attempt, DeliveryState state, TimeSpan? retryAfter, CancellationToken cancellationToken) =>
        database.WriteAsync(scope =>
        {
            var (id, lease) = (Key(claim.Delivery.Id), Key(claim.Lease));
            var kept = scope.Session.Query("SELECT attempts FROM deliveries WHERE id=@1 AND lease=@2", row => Attempts(row.GetFieldValue<byte[]>(0)), id, lease).SingleOrDefault();
            if (kept is null)
                return false;
            var now = AdjustClock(scope.Session); // before a time is written
            IReadOnlyList<DeliveryAttempt> attempts = [.. kept.TakeLast(WebhookDelivery.MostAttempts - 1), attempt];
            scope.Session.Run("""
                UPDATE deliveries SET state=@2, tries=@3, due=@4, ended_at=@5, lease=NULL, attempts=CAST(@6 AS TEXT) WHERE id=@1
                """, id, (int)state, attempt.Number, now + (long?)retryAfter?.TotalMilliseconds, retryAfter is null ? now : null,
                JsonSerializer.SerializeToUtf8Bytes(attempts, CoreJson.Default.IReadOnlyListDeliveryAttempt));
            return true;
        }, Durability.Process, cancellationToken);

    public Task<bool> RequeueAsync(Guid webhookId, Guid deliveryId, CancellationToken cancellationToken) => database.WriteAsync(scope =>
    {
        var (id, webhook, now) = (Key(deliveryId), Key(webhookId), AdjustClock(scope.Session));
        scope.Session.Run("""
            UPDATE deliveries SET state=0, tries=0, due=@3, ended_at=NULL, lease=NULL WHERE id=@1 AND webhook=@2 AND (lease IS NULL OR due<=@3)
            """, id, webhook, now);
        return scope.Session.Scalar("SELECT 1 FROM deliveries WHERE id=@1 AND webhook=@2", id, webhook) is not null;
    }, Durability.Disk, cancellationToken);

    public Task<DeliveryPage> ListAsync(Guid webhookId, int limit, string? cursor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        var before = DeliveryCursor.Read(cursor, webhookId);
        return database.ReadAsync(session =>
        {
            var rows = session.Query($"SELECT {Columns} FROM deliveries INDEXED BY deliveries_newest WHERE webhook=@1 AND id<@2 ORDER BY id DESC LIMIT @3",
                Read, Key(webhookId), Key(before), limit + 1);
            return new DeliveryPage([.. rows.Take(limit)], rows.Count > limit ? DeliveryCursor.Write(rows[limit - 1].Id, webhookId) : null);
        }, cancellationToken);
    }

    // A few with every event, instead of on a schedule.
    private static void RemoveOld(SqliteSession session, long now) => session.Run(
        "DELETE FROM deliveries WHERE rowid IN (SELECT rowid FROM deliveries WHERE ended_at<@1 ORDER BY ended_at LIMIT @2)",
        now - (long)WebhookDelivery.Remembered.TotalMilliseconds, RemovedAtOnce);

    /// <summary>The time. When the clock was set back, due times are moved by the same amount.</summary>
    private long AdjustClock(SqliteSession session)
    {
        var now = Now();
        if (ClockJumpDetector.DetectAndRecord(session, now) is var jump and > 0)
            session.Run("UPDATE deliveries SET due=due-@1 WHERE due>@2", jump, now);
        return now;
    }

    private static WebhookDelivery Read(SqliteDataReader row) => new()
    {
        Id = Id(row, 0), WebhookId = Id(row, 1), EventId = Id(row, 2), Type = row.GetString(3), ImageId = row.IsDBNull(4) ? null : Id(row, 4),
        TraceParent = row.IsDBNull(5) ? null : row.GetString(5), Body = row.GetString(6), CreatedAt = Time(row, 7), State = (DeliveryState)row.GetInt32(8),
        Tries = row.GetInt32(9), NextAttemptAt = row.IsDBNull(10) ? null : Time(row, 10), Attempts = Attempts(row.GetFieldValue<byte[]>(11)),
    };

    private static IReadOnlyList<DeliveryAttempt> Attempts(byte[] json) => JsonSerializer.Deserialize(json, CoreJson.Default.IReadOnlyListDeliveryAttempt)!;

    private static Guid Id(SqliteDataReader row, int column) => new(row.GetFieldValue<byte[]>(column), bigEndian: true);

    private static DateTimeOffset Time(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);

    private static long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    private long Now() => Milliseconds(time.GetUtcNow());
}
