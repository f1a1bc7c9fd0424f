using System.Buffers;
using ImageAspire.Core.Events;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Database;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Events;

/// <summary>The topic on SQLite, with the semantics of Azure Service Bus. Safe for several processes on one data folder.</summary>
internal sealed partial class EmbeddedEventBus : IEventBus, IEventAppender, IAsyncDisposable
{
    private const int MaxBatch = 1000;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private readonly EventStore _store;
    private readonly Action _ring;
    private int _disposed;

    public EmbeddedEventBus(SqliteDatabase database, TimeProvider time, ILogger<EmbeddedEventBus> logger)
    {
        _store = new EventStore(database, time, logger);
        _ring = () => _store.RingEverywhere(database.WriterSession);
    }

    public void Append(WriteScope scope, IReadOnlyList<ImageEvent> events)
    {
        foreach (var e in events)
            EventLog.Append(scope.Session, e, CloudEvents.Write(e), _store.Time.GetUtcNow(), null);
        Failpoint.Hit(FailpointNames.TopicAppended);
        scope.AfterCommit(_ring);
    }

    public async Task PublishAsync(IReadOnlyList<ImageEvent> events, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        if (events.Count > MaxBatch)
            throw new ArgumentException($"{events.Count} events; at most {MaxBatch} can be published at once.", nameof(events));
        if (events.Count == 0)
            return;
        var bodies = events.Select(CloudEvents.Write).ToList(); // here, in parallel, and not on the one thread that writes
        await _store.Database.WriteAsync(scope =>
        {
            var now = _store.Time.GetUtcNow();
            for (var i = 0; i < bodies.Count; i++)
                EventLog.Append(scope.Session, events[i], bodies[i], now, notBefore);
            scope.AfterCommit(_ring);
            return true;
        }, Durability.Disk, cancellationToken);
    }

    public async Task<IAsyncDisposable> SubscribeAsync(SubscriptionOptions options, MessageHandler handler, CancellationToken cancellationToken)
    {
        Check(options);
        await _store.ListenAsync();
        if (options.IsInstance)
            return await InstanceFeed.StartAsync(_store, options, handler, cancellationToken);
        await _store.Database.WriteAsync(scope =>
        {
            SubscriptionTable.Create(scope.Session, options);
            return true;
        }, Durability.Disk, cancellationToken);
        return new SubscriptionPump(_store, options, handler);
    }

    // A container that knows the bus under several names disposes it once for each.
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _disposed, 1) == 0 ? _store.DisposeAsync() : ValueTask.CompletedTask;

    private static void Check(SubscriptionOptions options)
    {
        if (options.Name.Length is 0 or > 50 || options.Name.AsSpan().ContainsAnyExcept(NameCharacters))
            throw new ArgumentException($"'{options.Name}' is not a subscription name: 1–50 lower-case letters, digits and hyphens.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDeliveryCount, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LockDuration, TimeSpan.FromMilliseconds(10), nameof(options));
    }
}
