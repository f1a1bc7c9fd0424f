using System.Collections.Concurrent;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedEventBusTests : EventBusContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _open = [];

    public async ValueTask DisposeAsync()
    {
        for (var i = _open.Count - 1; i >= 0; i--)
            await _open[i].DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Open_FirstTime_TheTopologysSubscriptionsExist() =>
        (await OpenOperations().GetStatusAsync(CancellationToken.None)).Select(status => status.Name)
            .ShouldBe(StageCatalog.Subscriptions.Select(one => one.Name), ignoreOrder: true);

    [Fact]
    public async Task Open_FolderOfTheFirstVersion_KeepsItsMessagesAndCanPause()
    {
        // The schema as it was before subscriptions could be paused.
        await using (var old = SqliteDatabase.Open(Path.Combine(_folder.Root, "imageaspire.db"), [CatalogSchema.Version1, TopicSchema.Version1]))
        {
            old.WriterSession.Run("INSERT INTO subscriptions(name, types, subject, cursor) VALUES('record-audit', NULL, NULL, 0)");
            old.WriterSession.Run("INSERT INTO messages(type, subject, enqueued_at, body) VALUES('image.received', x'00', 1, x'7b7d')");
        }

        var topic = OpenOperations();

        (await topic.GetStatusAsync(CancellationToken.None)).Single(status => status.Name == "record-audit")
            .ShouldSatisfyAllConditions(status => status.Active.ShouldBe(1), status => status.Pause.ShouldBeNull());
        (await topic.PauseAsync("record-audit", "boss", CancellationToken.None)).ShouldBeTrue();
        (await OpenOperations().GetStatusAsync(CancellationToken.None)).Single(status => status.Pause is not null).Name.ShouldBe("record-audit");
    }

    [Fact]
    public async Task PerInstance_NothingToDo_RestsWithoutAnError()
    {
        var log = new FakeLogger<EmbeddedEventBus>();
        await using var database = MainDatabase.Open(_folder.Data);
        await using var bus = new EmbeddedEventBus(database, TimeProvider.System, log);
        var seen = new ConcurrentQueue<Guid>();
        await using var feed = await bus.SubscribeAsync(new SubscriptionOptions("live") { IsInstance = true }, (message, _) =>
        {
            seen.Enqueue(message.Event.Id);
            return Task.FromResult(MessageOutcome.Completed);
        }, CancellationToken.None);

        for (var i = 1; i <= 3; i++) // between two events it rests
        {
            await bus.PublishAsync([ImageLifecycle.Purge(Samples.Image(), Samples.Traced).Event], null, CancellationToken.None);
            await Eventually.TrueAsync(() => seen.Count == i);
        }

        log.Collector.Warnings().ShouldBeEmpty();
    }

    protected override IEventBus Open() => OpenInstance();

    protected override ITopicOperations OpenOperations() => OpenInstance().Operations;

    private EmbeddedEventBus OpenInstance()
    {
        // A database of its own for each instance: nothing is shared but the file, as between processes.
        var database = MainDatabase.Open(_folder.Data);
        var bus = new EmbeddedEventBus(database, TimeProvider.System, NullLogger<EmbeddedEventBus>.Instance);
        _open.Add(database);
        _open.Add(bus);
        return bus;
    }
}
