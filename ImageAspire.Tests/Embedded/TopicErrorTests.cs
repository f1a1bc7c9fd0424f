using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.Embedded;

/// <summary>Errors of the database that no adapter expects, made by triggers: the topic goes on when they have passed, and work is not repeated.</summary>
public sealed class TopicErrorTests : IAsyncDisposable
{
    private static readonly SubscriptionOptions Subscription = new("work") { LockDuration = TimeSpan.FromMilliseconds(200) };
    private readonly TempFolder _folder = new();
    private readonly FakeLogger<EmbeddedEventBus> _log = new();
    private readonly List<IAsyncDisposable> _open = [];
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public async ValueTask DisposeAsync()
    {
        _finish.TrySetResult();
        for (var i = _open.Count - 1; i >= 0; i--)
            await _open[i].DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("BEFORE DELETE ON deliveries")] // completing fails, renewing does not
    [InlineData("BEFORE UPDATE ON deliveries")] // renewing and claiming fail
    public async Task Handler_TheDatabaseFailsInAnUnknownWay_RunsOnceAndIsSettledAfterwards(string failing)
    {
        var database = await StartAsync();
        await using var bus = await ConsumeAsync(); // would take the message when its lock expires
        await FailAsync(database, failing);

        if (failing.Contains("DELETE", StringComparison.Ordinal))
            _finish.SetResult();
        await Eventually.TrueAsync(() => _log.Collector.GetSnapshot().Count(record => record.Exception is not null) >= 3); // an attempt a second, many lock durations
        await RunAsync(database, "DROP TRIGGER failing");
        _finish.TrySetResult();

        await Eventually.TrueAsync(() => database.ReadAsync(session => session.Query("SELECT count(*) FROM deliveries", row => row.GetInt32(0)).Single() == 0, CancellationToken.None));
        _calls.ShouldBe(1);
    }

    private async Task<SqliteDatabase> StartAsync()
    {
        var first = await ConsumeAsync();
        await first.PublishAsync([ImageLifecycle.Purge(Samples.Image(), Samples.Traced).Event], null, CancellationToken.None);
        await Eventually.TrueAsync(() => _calls == 1);
        return (SqliteDatabase)_open[0];
    }

    private async Task<EmbeddedEventBus> ConsumeAsync()
    {
        var database = MainDatabase.Open(_folder.Data);
        var bus = new EmbeddedEventBus(database, TimeProvider.System, _log);
        _open.AddRange([database, bus]);
        _open.Add(await bus.SubscribeAsync(Subscription, HandleAsync, CancellationToken.None));
        return bus;
    }

    private async Task<MessageOutcome> HandleAsync(ReceivedMessage message, CancellationToken lockLost)
    {
        Interlocked.Increment(ref _calls);
        await _finish.Task.WaitAsync(lockLost);
        return MessageOutcome.Completed;
    }

    private static Task<bool> FailAsync(SqliteDatabase database, string failing) =>
        RunAsync(database, $"CREATE TRIGGER failing {failing} BEGIN SELECT RAISE(ABORT, 'made by a test'); END");

    private static Task<bool> RunAsync(SqliteDatabase database, string sql) => database.WriteAsync(scope =>
    {
        scope.Session.Run(sql);
        return true;
    }, Durability.Process, CancellationToken.None);
}
