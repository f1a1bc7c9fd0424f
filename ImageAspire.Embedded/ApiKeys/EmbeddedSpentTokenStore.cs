using System.Globalization;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.ApiKeys;

/// <summary>Spent tokens on SQLite, in the file of the API keys. Each write removes those that have expired.</summary>
internal sealed class EmbeddedSpentTokenStore(SqliteDatabase database, TimeProvider time) : ISpentTokenStore
{
    public Task<bool> SpendAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken) => database.WriteAsync(scope =>
    {
        scope.Session.Run("DELETE FROM spent_tokens WHERE until<@1", time.GetUtcNow().ToUnixTimeMilliseconds());
        return scope.Session.Run("INSERT INTO spent_tokens(id, until) VALUES(@1, @2) ON CONFLICT DO NOTHING",
            id.ToByteArray(bigEndian: true), until.ToUnixTimeMilliseconds()) == 1;
    }, Durability.Disk, cancellationToken);

    public Task<IReadOnlySet<Guid>> FindSpentAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return database.ReadAsync<IReadOnlySet<Guid>>(session => ids.Where(id => Convert.ToInt64(
            session.Scalar("SELECT COUNT(*) FROM spent_tokens WHERE id=@1", id.ToByteArray(bigEndian: true)), CultureInfo.InvariantCulture) > 0).ToHashSet(), cancellationToken);
    }
}
