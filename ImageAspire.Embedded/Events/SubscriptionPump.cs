using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Database;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Events;

/// <summary>Receives for one durable subscription in this process: locks as many messages as handlers are free, and settles them.</summary>
internal sealed partial class SubscriptionPump : IAsyncDisposable
{
    private static readonly TimeSpan StoreTrouble = TimeSpan.FromSeconds(1);
    private readonly EventStore _store;
    private readonly SubscriptionOptions _options;
    private readonly MessageHandler _handler;
    private readonly SemaphoreSlim _free;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _end;
    private readonly Task _loop;

    public SubscriptionPump(EventStore store, SubscriptionOptions options, MessageHandler handler)
    {
        (_store, _options, _handler) = (store, options, handler);
        _free = new SemaphoreSlim(options.Concurrency);
        _end = new Lazy<Task>(EndAsync);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Stops receiving and waits for the handlers that run; a second call waits for them too.</summary>
    public ValueTask DisposeAsync() => new(_end.Value);

    private async Task EndAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        for (var i = 0; i < _options.Concurrency; i++)
            await _free.WaitAsync();
        _free.Dispose();
        _stopping.Dispose();
    }

    private async Task LoopAsync()
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
                _store.Trouble.Tell(error);
                await Task.Delay(StoreTrouble, _store.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReceiveAsync(CancellationToken stopping)
    {
        await _free.WaitAsync(stopping);
        var slots = 1;
        var used = 0;
        try
        {
            while (slots < _options.Concurrency && await _free.WaitAsync(0, stopping))
                slots++;
            var rings = _store.Bell.Rings;
            foreach (var message in await LockAsync(slots, stopping))
            {
                used++;
                _ = Task.Run(() => HandleAsync(message), CancellationToken.None);
            }

            if (used == 0)
            {
                _free.Release(slots);
                slots = 0;
                await _store.Bell.WaitAsync(rings, await _store.IdleTimeAsync(_options.Name, stopping), _store.Time, stopping);
            }
        }
        finally
        {
            if (slots > used)
                _free.Release(slots - used);
        }
    }

    private async Task<List<LockedMessage>> LockAsync(int max, CancellationToken stopping)
    {
        // Every event rings for every subscription; most look, find nothing, and must not queue for the write lock.
        if (!await _store.Database.ReadAsync(session => Deliveries.Any(session, _options, _store.Time.GetUtcNow()), stopping))
            return [];
        // Once the write is queued it may happen: it is not given up half-way, or messages would be locked for nobody.
        return await _store.Database.WriteAsync(
            scope => Deliveries.Receive(scope.Session, _options, max, _store.Holder, _store.Now(scope.Session)), Durability.Process, CancellationToken.None);
    }

    private async Task HandleAsync(LockedMessage message)
    {
        try
        {
            using var lost = new CancellationTokenSource();
            using var done = new CancellationTokenSource();
            Failpoint.Hit(FailpointNames.TopicLocked);
            var renewal = RenewAsync(message, lost, done.Token);
            var outcome = await RunAsync(message, lost.Token);
            Failpoint.Hit(FailpointNames.TopicHandled);
            await done.CancelAsync();
            await renewal;
            if (!lost.IsCancellationRequested)
                await SettleAsync(message, outcome);
            Failpoint.Hit(FailpointNames.TopicSettled);
        }
        catch (Exception error)
        {
            LogNotSettled(_store.Logger, _options.Name, message.Sequence, error); // its lock runs out and it comes again
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<MessageOutcome> RunAsync(LockedMessage message, CancellationToken lockLost)
    {
        ImageEvent e;
        try
        {
            e = CloudEvents.Read(message.Body);
        }
        catch (FormatException error)
        {
            return new MessageOutcome.DeadLetter("UnreadableMessage", error.Message);
        }

        try
        {
            return await _handler(new ReceivedMessage(e, message.Count, message.EnqueuedAt, message.Sequence), lockLost);
        }
        catch (Exception error)
        {
            LogHandlerThrew(_store.Logger, _options.Name, message.Sequence, error);
            return new MessageOutcome.RetryAfter(TimeSpan.Zero);
        }
    }

    private async Task RenewAsync(LockedMessage message, CancellationTokenSource lost, CancellationToken done)
    {
        var wait = _options.LockDuration / 2;
        try
        {
            while (true)
            {
                await Task.Delay(wait, _store.Time, done);
                try
                {
                    var held = await _store.Database.WriteAsync(
                        scope => Deliveries.Renew(scope.Session, _options.Name, message, _store.Now(scope.Session) + _options.LockDuration),
                        Durability.Process, done);
                    wait = _options.LockDuration / 2;
                    if (held)
                        continue;
                }
                catch (StoreUnavailableException error)
                {
                    _store.Trouble.Tell(error);
                    wait = StoreTrouble; // who cannot renew a lock has not lost it: as long as nobody can write, nobody takes it
                    continue;
                }

                LogLockLost(_store.Logger, _options.Name, message.Sequence);
                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The handler is done.
        }
    }

    /// <summary>What is done must not be done again because the disk is full at this moment: it tries until it succeeds, or the process ends.</summary>
    private async Task SettleAsync(LockedMessage message, MessageOutcome outcome)
    {
        while (true)
        {
            try
            {
                await SettleOnceAsync(message, outcome);
                return;
            }
            catch (StoreUnavailableException error) when (!_stopping.IsCancellationRequested)
            {
                _store.Trouble.Tell(error);
                await Task.Delay(StoreTrouble, _store.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task<bool> SettleOnceAsync(LockedMessage message, MessageOutcome outcome) =>
        _store.Database.WriteAsync(scope =>
        {
            var now = _store.Now(scope.Session);
            switch (outcome)
            {
                case MessageOutcome.RetryAfter retry:
                    Deliveries.Retry(scope.Session, _options.Name, message, now + retry.Delay, retry.Counted);
                    scope.AfterCommit(_store.RingHere);
                    break;
                case MessageOutcome.DeadLetter dead:
                    Deliveries.Bury(scope.Session, _options.Name, message, dead, now);
                    break;
                default:
                    Deliveries.Complete(scope.Session, _options.Name, message);
                    break;
            }

            Failpoint.Hit(FailpointNames.TopicSettling);
            return true;
        }, outcome is MessageOutcome.DeadLetter ? Durability.Disk : Durability.Process, CancellationToken.None);

    [LoggerMessage(LogLevel.Error, "Subscription {Subscription}: message {Sequence} could not be settled; it will come again when its lock runs out.")]
    private static partial void LogNotSettled(ILogger logger, string subscription, long sequence, Exception error);

    [LoggerMessage(LogLevel.Warning, "Subscription {Subscription}: the handler of message {Sequence} threw; it will come again.")]
    private static partial void LogHandlerThrew(ILogger logger, string subscription, long sequence, Exception error);

    [LoggerMessage(LogLevel.Warning, "Subscription {Subscription}: the lock of message {Sequence} is lost; somebody else has it.")]
    private static partial void LogLockLost(ILogger logger, string subscription, long sequence);
}
