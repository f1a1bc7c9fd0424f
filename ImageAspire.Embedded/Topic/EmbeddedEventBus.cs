using System.Buffers;
using ImageAspire.Core.Events;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>The topic on SQLite, with the semantics of Azure Service Bus. Safe for several processes on one data folder.</summary>
internal sealed class EmbeddedEventBus : IEventBus, IEventAppender, IAsyncDisposable
{
    private const int MaxBatch = 1000;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private readonly TopicRuntime _topic;
    private int _disposed;

    public EmbeddedEventBus(SqliteDatabase database, TimeProvider time, ILogger<EmbeddedEventBus> logger)
    {
        _topic = new TopicRuntime(database, time, logger);
        Operations = new EmbeddedTopicOperations(_topic);
    }

    /// <summary>The operations of this topic.</summary>
    public ITopicOperations Operations { get; }

    public void Append(WriteScope scope, IReadOnlyList<ImageEvent> events)
    {
        foreach (var e in events)
            MessageLog.Append(scope.Session, e, CloudEvents.Write(e), _topic.Time.GetUtcNow(), notBefore: null);
        Failpoint.Hit(FailpointNames.TopicAppended);
        scope.AfterCommit(_topic.Wakeups.WakeAll);
    }

    public async Task PublishAsync(IReadOnlyList<ImageEvent> events, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        if (events.Count > MaxBatch)
            throw new ArgumentException($"{events.Count} events; at most {MaxBatch} can be published at once.", nameof(events));
        if (events.Count == 0)
            return;
        var bodies = events.Select(CloudEvents.Write).ToList(); // here, in parallel, and not on the writer's thread
        await _topic.Database.WriteAsync(scope =>
        {
            var now = _topic.Time.GetUtcNow();
            for (var i = 0; i < bodies.Count; i++)
                MessageLog.Append(scope.Session, events[i], bodies[i], now, notBefore);
            scope.AfterCommit(_topic.Wakeups.WakeAll);
            return true;
        }, Durability.Disk, cancellationToken);
    }

    public async Task<IAsyncDisposable> SubscribeAsync(SubscriptionOptions options, MessageHandler handler, CancellationToken cancellationToken)
    {
        Check(options);
        await _topic.EnsureStartedAsync();
        if (options.IsInstance)
            return await InstanceSubscription.StartAsync(_topic, options, handler, cancellationToken);
        await _topic.Database.WriteAsync(scope =>
        {
            SubscriptionTable.Create(scope.Session, options);
            return true;
        }, Durability.Disk, cancellationToken);
        return new DurableSubscription(_topic, options, handler);
    }

    // A container that has the bus under several service types disposes it once for each.
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _disposed, 1) == 0 ? _topic.DisposeAsync() : ValueTask.CompletedTask;

    private static void Check(SubscriptionOptions options)
    {
        if (options.Name.Length is 0 or > 50 || options.Name.AsSpan().ContainsAnyExcept(NameCharacters))
            throw new ArgumentException($"'{options.Name}' is not a subscription name: 1–50 lower-case letters, digits and hyphens.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDeliveryCount, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LockDuration, TimeSpan.FromMilliseconds(10), nameof(options));
    }
}
