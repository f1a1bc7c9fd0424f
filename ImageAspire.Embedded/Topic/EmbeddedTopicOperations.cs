using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>The topic's operations on SQLite.</summary>
internal sealed class EmbeddedTopicOperations(TopicRuntime topic) : ITopicOperations
{
    private const int MaxLimit = 200;

    public Task ProbeAsync(CancellationToken cancellationToken) => topic.Database.ProbeAsync(cancellationToken);

    public Task<IReadOnlyList<SubscriptionStatus>> GetStatusAsync(CancellationToken cancellationToken) => topic.Database.ReadAsync<IReadOnlyList<SubscriptionStatus>>(session =>
    {
        var pauses = SubscriptionTable.Pauses(session);
        return [.. SubscriptionCounts.All(session, topic.Time.GetUtcNow()).Select(one => one with { Pause = pauses.GetValueOrDefault(one.Name) })];
    }, cancellationToken);

    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string subscription, int limit, long? before, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        return topic.Database.ReadAsync(session => DeadLetters.List(session, subscription, limit, before ?? long.MaxValue), cancellationToken);
    }

    public Task<bool> ResolveDeadLetterAsync(string subscription, long sequence, bool discard, CancellationToken cancellationToken) =>
        WriteAsync(session => discard ? DeadLetters.Discard(session, subscription, sequence) : DeadLetters.Restore(session, subscription, sequence), cancellationToken);

    public Task<bool> PauseAsync(string subscription, string by, CancellationToken cancellationToken) =>
        WriteAsync(session => SubscriptionTable.Pause(session, subscription, by, topic.Time.GetUtcNow()), cancellationToken);

    public Task<bool> ResumeAsync(string subscription, CancellationToken cancellationToken) =>
        WriteAsync(session => SubscriptionTable.Resume(session, subscription), cancellationToken);

    private Task<bool> WriteAsync(Func<SqliteSession, bool> write, CancellationToken cancellationToken) => topic.Database.WriteWithReserveAsync(scope =>
    {
        scope.AfterCommit(topic.Wakeups.WakeAll);
        return write(scope.Session);
    }, cancellationToken);
}
