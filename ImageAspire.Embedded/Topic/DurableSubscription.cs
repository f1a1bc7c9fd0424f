using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>Receives for one durable subscription in this process: locks as many messages as handlers are free.</summary>
internal sealed class DurableSubscription : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfterError = TimeSpan.FromSeconds(1);
    private readonly TopicRuntime _topic;
    private readonly SubscriptionOptions _options;
    private readonly MessageProcessor _processor;
    private readonly SemaphoreSlim _freeHandlers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _stopped;
    private readonly Task _loop;

    public DurableSubscription(TopicRuntime topic, SubscriptionOptions options, MessageHandler handler)
    {
        (_topic, _options) = (topic, options);
        _processor = new MessageProcessor(topic, options, handler, new Settlement(topic, options, _stopping.Token));
        _freeHandlers = new SemaphoreSlim(options.Concurrency);
        _stopped = new Lazy<Task>(StopAsync);
        _loop = Task.Run(ReceiveUntilStoppedAsync);
    }

    /// <summary>Stops receiving and waits for the handlers that run; a second call waits for them too.</summary>
    public ValueTask DisposeAsync() => new(_stopped.Value);

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        for (var i = 0; i < _options.Concurrency; i++)
            await _freeHandlers.WaitAsync();
        _freeHandlers.Dispose();
        _stopping.Dispose();
    }

    private async Task ReceiveUntilStoppedAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ReceiveAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                _topic.Outages.Report(error);
                await Task.Delay(RetryAfterError, _topic.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReceiveAsync(CancellationToken stopping)
    {
        await _freeHandlers.WaitAsync(stopping);
        var free = 1;
        try
        {
            while (free < _options.Concurrency && await _freeHandlers.WaitAsync(0, stopping))
                free++;
            var seen = _topic.Wakeups.Version;
            var messages = await ClaimAsync(free, stopping);
            foreach (var message in messages)
            {
                free--;
                _ = Task.Run(() => ProcessAsync(message), CancellationToken.None);
            }

            if (messages.Count > 0)
                return;
            _freeHandlers.Release(free);
            free = 0;
            await _topic.Wakeups.WaitAsync(seen, _options.Name, stopping);
        }
        finally
        {
            if (free > 0)
                _freeHandlers.Release(free);
        }
    }

    private async Task<List<LockedMessage>> ClaimAsync(int max, CancellationToken stopping)
    {
        // Every event wakes every subscription. Most find nothing, and must not queue for the write lock.
        if (!await _topic.Database.ReadAsync(session => PendingWork.Exists(session, _options, _topic.Time.GetUtcNow()), stopping))
            return [];
        // A queued write may happen, so it is not cancelled: messages would be locked that no handler gets.
        return await _topic.Database.WriteAsync(
            scope => MessageClaims.Claim(scope.Session, _options, max, _topic.ProcessId, _topic.Clock.Now(scope.Session)), Durability.Process, CancellationToken.None);
    }

    private async Task ProcessAsync(LockedMessage message)
    {
        try
        {
            await _processor.ProcessAsync(message);
        }
        finally
        {
            _freeHandlers.Release();
        }
    }
}
