using System.Globalization;
using System.Text.Json;
using ImageAspire.Core.Access;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.ApiKeys;

/// <summary>The API keys on SQLite. Ids are UUIDv7, so their order is that of creation. Key and revision change in one transaction.</summary>
internal sealed class EmbeddedApiKeyStore(SqliteDatabase database, TimeProvider time) : IApiKeyStore
{
    public Task<ApiKeyWrite> AddAsync(ApiKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return database.WriteAsync(scope =>
        {
            var session = scope.Session;
            RemoveForgotten(session);
            if (IsTaken(session, key))
                return ApiKeyWrite.NameTaken;
            if (Number(session, "SELECT COUNT(*) FROM keys WHERE revoked_at IS NULL") >= ApiKey.Most)
                return ApiKeyWrite.TooMany;
            session.Run("INSERT INTO keys(id, version, live_name, revoked_at, data) VALUES(@1, @2, @3, @4, CAST(@5 AS TEXT))",
                Id(key.Id), key.Version, LiveName(key), key.RevokedAt?.ToUnixTimeMilliseconds(), Json(key));
            session.Run("UPDATE revision SET number=number+1");
            return ApiKeyWrite.Done;
        }, Durability.Disk, cancellationToken);
    }

    public Task<ApiKeyWrite> ReplaceAsync(ApiKey after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(after);
        return database.WriteWithReserveAsync(scope =>
        {
            var session = scope.Session;
            if (Number(session, "SELECT COUNT(*) FROM keys WHERE id=@1 AND version=@2-1", Id(after.Id), after.Version) == 0)
                return ApiKeyWrite.Stale;
            if (IsTaken(session, after))
                return ApiKeyWrite.NameTaken;
            session.Run("UPDATE keys SET version=@2, live_name=@3, revoked_at=@4, data=CAST(@5 AS TEXT) WHERE id=@1",
                Id(after.Id), after.Version, LiveName(after), after.RevokedAt?.ToUnixTimeMilliseconds(), Json(after));
            session.Run("UPDATE revision SET number=number+1");
            return ApiKeyWrite.Done;
        }, cancellationToken);
    }

    public Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Query("SELECT data FROM keys WHERE id=@1", row => Read(row.GetFieldValue<byte[]>(0)), Id(id)).SingleOrDefault(), cancellationToken);

    public Task<ApiKeySet?> ReadAsync(long? unless, CancellationToken cancellationToken) => database.ReadAsync(session =>
    {
        // The revision first: a change in between is read now and, because the revision is then newer, once more.
        var revision = Number(session, "SELECT number FROM revision");
        if (revision == unless)
            return null;
        var keys = session.Query("SELECT data FROM keys ORDER BY id", row => Read(row.GetFieldValue<byte[]>(0)));
        var uses = session.Query("SELECT id, at FROM uses", row => new ApiKeyUse(
            new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))));
        return new ApiKeySet(revision, keys, uses);
    }, cancellationToken);

    public Task TouchAsync(IReadOnlyCollection<ApiKeyUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uses);
        return database.WriteAsync(scope =>
        {
            foreach (var use in uses)
            {
                scope.Session.Run("INSERT INTO uses(id, at) VALUES(@1, @2) ON CONFLICT(id) DO UPDATE SET at=max(at, excluded.at)",
                    Id(use.KeyId), use.At.ToUnixTimeMilliseconds());
            }

            return uses.Count;
        }, Durability.Process, cancellationToken);
    }

    // By age, and by number: a caller that creates and revokes keys all day must not fill the file.
    private void RemoveForgotten(SqliteSession session)
    {
        const string forgotten = """
            revoked_at IS NOT NULL AND (revoked_at<@1 OR id NOT IN (SELECT id FROM keys WHERE revoked_at IS NOT NULL ORDER BY revoked_at DESC LIMIT @2))
            """;
        var before = (time.GetUtcNow() - ApiKey.Remembered).ToUnixTimeMilliseconds();
        session.Run($"DELETE FROM uses WHERE id IN (SELECT id FROM keys WHERE {forgotten})", before, ApiKey.Most);
        session.Run($"DELETE FROM keys WHERE {forgotten}", before, ApiKey.Most);
    }

    private static bool IsTaken(SqliteSession session, ApiKey key) =>
        LiveName(key) is { } name && Number(session, "SELECT COUNT(*) FROM keys WHERE live_name=@1 AND id<>@2", name, Id(key.Id)) > 0;

    private static string? LiveName(ApiKey key) => key.RevokedAt is null ? ApiKey.NameKey(key.Name) : null;

    private static long Number(SqliteSession session, string sql, params ReadOnlySpan<object?> values) =>
        Convert.ToInt64(session.Scalar(sql, values), CultureInfo.InvariantCulture);

    private static byte[] Json(ApiKey key) => JsonSerializer.SerializeToUtf8Bytes(key, CoreJson.Default.ApiKey);

    private static ApiKey Read(byte[] json) => JsonSerializer.Deserialize(json, CoreJson.Default.ApiKey)!;

    private static byte[] Id(Guid id) => id.ToByteArray(bigEndian: true);
}
