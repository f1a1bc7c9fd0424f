using ImageAspire.Core.Errors;
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
                    if (!await RenewAsync(stopping))
                        break;
                    wait = _options.LockDuration / 2;
                }
                catch (StoreUnavailableException error)
                {
                    _topic.Outages.Report(error);
                    wait = RetryAfterError; // the lock is not lost: as long as no process can write, none can take it
                }
            }

            LogLockLost(_topic.Logger, _options.Name, _message.Sequence);
            await _lost.CancelAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The handler has finished.
        }
    }

    private Task<bool> RenewAsync(CancellationToken cancellationToken) => _topic.Database.WriteAsync(
        scope => MessageClaims.Renew(scope.Session, _options.Name, _message, _topic.Clock.Now(scope.Session) + _options.LockDuration),
        Durability.Process, cancellationToken);

    [LoggerMessage(LogLevel.Warning, "Subscription {Subscription}: the lock of message {Sequence} is lost; another consumer has it.")]
    private static partial void LogLockLost(ILogger logger, string subscription, long sequence);
}
