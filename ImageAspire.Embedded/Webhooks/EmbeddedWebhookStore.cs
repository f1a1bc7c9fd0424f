using System.Text.Json;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Webhooks;

/// <summary>The webhooks on SQLite. Ids are UUIDv7, so their order is that of creation.</summary>
internal sealed class EmbeddedWebhookStore(SqliteDatabase database) : IWebhookStore
{
    public Task<bool> AddAsync(Webhook webhook, CancellationToken cancellationToken) => database.WriteAsync(
        scope => scope.Session.Run("INSERT INTO webhooks(id, version, data) SELECT @1, @2, CAST(@3 AS TEXT) WHERE (SELECT COUNT(*) FROM webhooks)<@4",
            Key(webhook.Id), webhook.Version, Json(webhook), Webhook.Most) == 1,
        Durability.Disk, cancellationToken);

    public Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Webhook>>(
        session => session.Query("SELECT data FROM webhooks ORDER BY id", row => Read(row.GetFieldValue<byte[]>(0))), cancellationToken);

    public Task<Webhook?> GetAsync(Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Query("SELECT data FROM webhooks WHERE id=@1", row => Read(row.GetFieldValue<byte[]>(0)), Key(id)).SingleOrDefault(), cancellationToken);

    public Task<bool> ReplaceAsync(Webhook after, CancellationToken cancellationToken) => database.WriteAsync(
        scope => scope.Session.Run("UPDATE webhooks SET version=@2, data=CAST(@3 AS TEXT) WHERE id=@1 AND version=@2-1", Key(after.Id), after.Version, Json(after)) == 1,
        Durability.Disk, cancellationToken);

    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => database.WriteAsync(scope =>
    {
        scope.Session.Run("DELETE FROM deliveries WHERE webhook=@1", Key(id));
        return scope.Session.Run("DELETE FROM webhooks WHERE id=@1", Key(id)) == 1;
    }, Durability.Disk, cancellationToken);

    private static byte[] Json(Webhook webhook) => JsonSerializer.SerializeToUtf8Bytes(webhook, CoreJson.Default.Webhook);

    private static Webhook Read(byte[] json) => JsonSerializer.Deserialize(json, CoreJson.Default.Webhook)!;

    private static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);
}
