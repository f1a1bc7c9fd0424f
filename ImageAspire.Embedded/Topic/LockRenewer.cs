using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>Renews the lock of a message, each time half of its duration has passed, until it is stopped or the lock is lost.</summary>
internal sealed partial class LockRenewer : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfterError = TimeSpan.FromSeconds(1);
    private readonly TopicRuntime _topic;
    private readonly SubscriptionOptions _options;
    private readonly LockedMessage _message;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public LockRenewer(TopicRuntime topic, SubscriptionOptions options, LockedMessage message)
    {
        (_topic, _options, _message) = (topic, options, message);
        _loop = RenewUntilStoppedAsync(_stopping.Token);
    }

    /// <summary>Cancelled when the lock is lost.</summary>
    public CancellationToken LockLost => _lost.Token;

    /// <summary>Stops renewing, and waits for a renewal that runs.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    /// <summary>Renews a lock once; false, and a warning, when it is lost.</summary>
    public static async Task<bool> RenewAsync(TopicRuntime topic, SubscriptionOptions options, LockedMessage message, CancellationToken cancellationToken)
    {
        var renewed = await topic.Database.WriteAsync(
            scope => MessageClaims.Renew(scope.Session, options.Name, message, topic.Clock.Now(scope.Session) + options.LockDuration),
            Durability.Process, cancellationToken);
        if (!renewed)
            LogLockLost(topic.Logger, options.Name, message.Sequence);
        return renewed;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _lost.Dispose();
    }

    private async Task RenewUntilStoppedAsync(CancellationToken stopping)
    {
        var wait = _options.LockDuration / 2;
        try
        {
            while (true)
            {
                await Task.Delay(wait, _topic.Time, stopping);
                try
                {
                    if (!await RenewAsync(_topic, _options, _message, stopping))
                        break;
                    wait = _options.LockDuration / 2;
                }
                catch (Exception error) when (!stopping.IsCancellationRequested)
                {
                    // No error means that the lock is lost: only a renewal that finds it gone does, and until then the handler works on.
                    _topic.Outages.Report(error);
                    wait = RetryAfterError;
                }
            }

            await _lost.CancelAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The handler has finished.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Subscription {Subscription}: the lock of message {Sequence} is lost; another consumer has it.")]
    private static partial void LogLockLost(ILogger logger, string subscription, long sequence);
}
