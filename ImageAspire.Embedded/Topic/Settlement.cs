using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>Writes what a handler decided about a message.</summary>
/// <param name="topic">The topic.</param>
/// <param name="options">The subscription.</param>
/// <param name="stopping">Ends the attempts when the store is unavailable.</param>
internal sealed class Settlement(TopicRuntime topic, SubscriptionOptions options, CancellationToken stopping)
{
    private static readonly TimeSpan RetryAfterError = TimeSpan.FromSeconds(1);

    /// <summary>Settles a message. Tries until it succeeds or the process stops: work that is done must not be repeated because of an error of the store, whichever it is.</summary>
    public async Task SettleAsync(LockedMessage message, MessageOutcome outcome)
    {
        for (var failed = false; ; failed = true)
        {
            try
            {
                // While attempts fail the lock is kept, so that no other consumer repeats the work.
                if (!failed || await LockRenewer.RenewAsync(topic, options, message, CancellationToken.None))
                    await WriteAsync(message, outcome);
                return;
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                topic.Outages.Report(error);
                await Task.Delay(RetryAfterError, topic.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // A completion or a retry that a power cut undoes is only another delivery; a dead letter must last.
    private Task<bool> WriteAsync(LockedMessage message, MessageOutcome outcome) => topic.Database.WriteAsync(
        scope => Write(scope, message, outcome), outcome is MessageOutcome.DeadLetter ? Durability.Disk : Durability.Process, CancellationToken.None);

    private bool Write(WriteScope scope, LockedMessage message, MessageOutcome outcome)
    {
        var (session, now) = (scope.Session, topic.Clock.Now(scope.Session));
        switch (outcome)
        {
            case MessageOutcome.RetryAfter retry:
                Retry(session, message, now + retry.Delay, retry.Counted);
                scope.AfterCommit(topic.Wakeups.WakeThisProcess);
                break;
            case MessageOutcome.DeadLetter why:
                DeadLetters.Add(session, options.Name, message, why, now);
                break;
            default:
                Complete(session, message);
                break;
        }

        Failpoint.Hit(FailpointNames.TopicSettling);
        return true;
    }

    private void Complete(SqliteSession session, LockedMessage message) =>
        session.Run("DELETE FROM deliveries WHERE subscription=@1 AND seq=@2 AND state=1 AND lock_token=@3", options.Name, message.Sequence, message.Token);

    private void Retry(SqliteSession session, LockedMessage message, DateTimeOffset due, bool counted) =>
        session.Run("UPDATE deliveries SET state=0, due_at=@4, count=count-@5 WHERE subscription=@1 AND seq=@2 AND state=1 AND lock_token=@3",
            options.Name, message.Sequence, message.Token, due.ToUnixTimeMilliseconds(), counted ? 0 : 1);
}
