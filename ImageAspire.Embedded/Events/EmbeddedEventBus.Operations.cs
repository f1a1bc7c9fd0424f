using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Events;

/// <summary>What operators do with the topic.</summary>
internal sealed partial class EmbeddedEventBus : ITopicOperations
{
    public Task ProbeAsync(CancellationToken cancellationToken) => _store.Database.ProbeAsync(cancellationToken);

    public Task<IReadOnlyList<SubscriptionStatus>> GetStatusAsync(CancellationToken cancellationToken) =>
        _store.Database.ReadAsync(session => SubscriptionCounts.All(session, _store.Time.GetUtcNow()), cancellationToken);

    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string subscription, int limit, long? before, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 200);
        return _store.Database.ReadAsync<IReadOnlyList<DeadLetter>>(session => session.Query("""
            SELECT d.seq, m.body, d.reason, d.description, d.count, d.due_at FROM deliveries d JOIN messages m ON m.seq=d.seq
            WHERE d.subscription=@1 AND d.state=2 AND d.seq<@2 ORDER BY d.seq DESC LIMIT @3
            """, row => new DeadLetter(subscription, row.GetInt64(0), TryRead(row.GetFieldValue<byte[]>(1)), row.GetString(2), row.GetString(3),
                row.GetInt32(4), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5))),
            subscription, before ?? long.MaxValue, limit), cancellationToken);
    }

    public Task<bool> ResolveDeadLetterAsync(string subscription, long sequence, bool discard, CancellationToken cancellationToken) =>
        _store.Database.WriteAsync(scope =>
        {
            scope.AfterCommit(_ring);
            return scope.Session.Run(discard
                ? "DELETE FROM deliveries WHERE subscription=@1 AND seq=@2 AND state=2"
                : "UPDATE deliveries SET state=0, due_at=0, count=0, reason=NULL, description=NULL WHERE subscription=@1 AND seq=@2 AND state=2",
                subscription, sequence) == 1;
        }, Durability.Disk, cancellationToken);

    public Task<bool> SetPausedAsync(string subscription, bool paused, CancellationToken cancellationToken) =>
        _store.Database.WriteAsync(scope =>
        {
            scope.AfterCommit(_ring);
            return SubscriptionTable.SetPaused(scope.Session, subscription, paused);
        }, Durability.Disk, cancellationToken);

    private static ImageEvent? TryRead(byte[] body)
    {
        try
        {
            return CloudEvents.Read(body);
        }
        catch (FormatException)
        {
            return null; // that is why it is dead
        }
    }
}
