using System.Globalization;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>
/// A subscription of this instance alone. It only reads: its position in the log is in memory, and is registered every few seconds
/// so that cleanup keeps the messages that it has not read.
/// </summary>
internal sealed partial class InstanceSubscription : IAsyncDisposable
{
    private const int BatchSize = 200;
    private static readonly TimeSpan RetryAfterError = TimeSpan.FromSeconds(1);
    private readonly string _id = Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture);
    private readonly TopicRuntime _topic;
    private readonly SubscriptionOptions _options;
    private readonly MessageHandler _handler;
    private readonly MessageFilter _filter;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _stopped;
    private long _cursor;
    private Task _loop = Task.CompletedTask;

    private InstanceSubscription(TopicRuntime topic, SubscriptionOptions options, MessageHandler handler)
    {
        (_topic, _options, _handler) = (topic, options, handler);
        _filter = MessageFilter.Of(options);
        _stopped = new Lazy<Task>(StopAsync);
    }

    /// <summary>Starts at the end of the log.</summary>
    public static async Task<InstanceSubscription> StartAsync(
        TopicRuntime topic, SubscriptionOptions options, MessageHandler handler, CancellationToken cancellationToken)
    {
        var subscription = new InstanceSubscription(topic, options, handler);
        subscription._cursor = await topic.Database.ReadAsync(MessageLog.End, cancellationToken);
        await topic.Listeners.RegisterAsync(subscription._id, subscription._cursor, cancellationToken);
        subscription._loop = Task.Run(subscription.ReadUntilStoppedAsync, CancellationToken.None);
        return subscription;
    }

    /// <summary>Stops; a second call waits as well, because the database may be closed right after.</summary>
    public ValueTask DisposeAsync() => new(_stopped.Value);

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await _topic.Listeners.UnregisterAsync(_id);
        _stopping.Dispose();
    }

    private async Task ReadUntilStoppedAsync()
    {
        var registered = _topic.Time.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var seen = _topic.Wakeups.Version;
                if (await ReadBatchAsync() == 0)
                    await _topic.Wakeups.WaitAsync(seen, subscription: null, _stopping.Token);
                if (_topic.Time.GetElapsedTime(registered) < Listeners.Heartbeat)
                    continue;
                registered = _topic.Time.GetTimestamp();
                await _topic.Listeners.RegisterAsync(_id, _cursor, _stopping.Token);
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

    private async Task<int> ReadBatchAsync()
    {
        var (end, messages) = await _topic.Database.ReadAsync(session => (
            MessageLog.End(session),
            session.Query($"SELECT seq, enqueued_at, body FROM messages WHERE seq>@3 AND {MessageFilter.Sql} ORDER BY seq LIMIT @4",
                row => (Sequence: row.GetInt64(0), EnqueuedAt: row.GetInt64(1), Body: row.GetFieldValue<byte[]>(2)),
                _filter.Types, _filter.Subject, _cursor, BatchSize)), _stopping.Token);
        foreach (var message in messages)
        {
            await HandleAsync(message.Sequence, message.EnqueuedAt, message.Body);
            _cursor = message.Sequence;
        }

        // The two reads are not one snapshot: what came between them has a larger number than this end, so nothing is skipped.
        if (messages.Count < BatchSize && end > _cursor)
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
            LogHandlerThrew(_topic.Logger, _options.Name, sequence, error);
        }
    }

    [LoggerMessage(LogLevel.Error, "Instance subscription {Subscription}: the handler of message {Sequence} threw; the next message follows.")]
    private static partial void LogHandlerThrew(ILogger logger, string subscription, long sequence, Exception error);
}
