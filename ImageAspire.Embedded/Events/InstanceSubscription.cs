using System.Globalization;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Events;

/// <summary>
/// A subscription of this instance alone. It only reads: its place in the log is kept in memory, and written down every few
/// seconds so that housekeeping leaves what it has not seen.
/// </summary>
internal sealed partial class InstanceSubscription : IAsyncDisposable
{
    private const int Batch = 200;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StoreTrouble = TimeSpan.FromSeconds(1);
    private readonly string _id = Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture);
    private readonly EventStore _store;
    private readonly SubscriptionOptions _options;
    private readonly MessageHandler _handler;
    private readonly MessageFilter _filter;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _end;
    private long _cursor;
    private Task _loop = Task.CompletedTask;

    private InstanceSubscription(EventStore store, SubscriptionOptions options, MessageHandler handler)
    {
        (_store, _options, _handler) = (store, options, handler);
        _filter = MessageFilter.Of(options);
        _end = new Lazy<Task>(EndAsync);
    }

    public static async Task<InstanceSubscription> StartAsync(
        EventStore store, SubscriptionOptions options, MessageHandler handler, CancellationToken cancellationToken)
    {
        var feed = new InstanceSubscription(store, options, handler);
        feed._cursor = await store.Database.ReadAsync(SubscriptionTable.EndOfLog, cancellationToken);
        await store.RegisterAsync(feed._id, feed._cursor, cancellationToken);
        feed._loop = Task.Run(feed.LoopAsync, CancellationToken.None);
        return feed;
    }

    // Whoever disposes it a second time waits as well: the store may be closed right after.
    public ValueTask DisposeAsync() => new(_end.Value);

    private async Task EndAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await _store.UnregisterAsync(_id);
        _stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        var beat = _store.Time.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var rings = _store.Bell.Rings;
                if (await ReadAsync() == 0)
                    await _store.Bell.WaitAsync(rings, await _store.IdleTimeAsync(subscription: null, _stopping.Token), _store.Time, _stopping.Token);
                if (_store.Time.GetElapsedTime(beat) < Heartbeat)
                    continue;
                beat = _store.Time.GetTimestamp();
                await _store.RegisterAsync(_id, _cursor, _stopping.Token);
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

    private async Task<int> ReadAsync()
    {
        var (end, messages) = await _store.Database.ReadAsync(session => (
            SubscriptionTable.EndOfLog(session),
            session.Query($"SELECT seq, enqueued_at, body FROM messages WHERE seq>@3 AND {MessageFilter.Sql} ORDER BY seq LIMIT @4",
                row => (Sequence: row.GetInt64(0), EnqueuedAt: row.GetInt64(1), Body: row.GetFieldValue<byte[]>(2)),
                _filter.Types, _filter.Subject, _cursor, Batch)), _stopping.Token);
        foreach (var message in messages)
        {
            await HandleAsync(message.Sequence, message.EnqueuedAt, message.Body);
            _cursor = message.Sequence;
        }

        // The two reads are not one snapshot: what came between them has a larger number than this end, so nothing is skipped.
        if (messages.Count < Batch && end > _cursor)
            _cursor = end;
        return messages.Count;
    }

    private async Task HandleAsync(long sequence, long enqueuedAt, byte[] body)
    {
        try
        {
            await _handler(new ReceivedMessage(CloudEvents.Read(body), 1, DateTimeOffset.FromUnixTimeMilliseconds(enqueuedAt), sequence), _stopping.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogHandlerThrew(_store.Logger, _options.Name, sequence, error);
        }
    }

    [LoggerMessage(LogLevel.Error, "The feed {Subscription}: the handler of message {Sequence} threw; it goes on with the next one.")]
    private static partial void LogHandlerThrew(ILogger logger, string subscription, long sequence, Exception error);
}
