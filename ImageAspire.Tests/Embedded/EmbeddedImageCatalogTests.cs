using System.Collections.Concurrent;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Embedded;

/// <summary>The same when every filter matches too many records to sort them: then the index of the order is scanned.</summary>
public sealed class EmbeddedImageCatalogScanTests : EmbeddedImageCatalogTests
{
    protected override int Narrow => -1;
}

public class EmbeddedImageCatalogTests : ImageCatalogContract, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Stack<IAsyncDisposable> _open = [];
    private readonly ConcurrentQueue<ImageEvent> _seen = [];
    private EmbeddedEventBus _bus = null!;

    protected virtual int Narrow => PageStart.UsualNarrow;

    protected override IImageCatalog Open()
    {
        var (database, bus) = OpenBus();
        return new EmbeddedImageCatalog(database, bus) { Narrow = Narrow };
    }

    protected override async Task<IReadOnlyList<ImageEvent>> PublishedAsync()
    {
        // Events come in order: when this one has come, all that were published before have come.
        var last = Samples.Event("test.last", Samples.Image());
        await _bus.PublishAsync([last], null, CancellationToken.None);
        await Eventually.TrueAsync(() => _seen.Any(e => e.Id == last.Id));
        return [.. _seen.Where(e => e.Type != last.Type)];
    }

    public async ValueTask InitializeAsync()
    {
        (_, _bus) = OpenBus();
        _open.Push(await _bus.SubscribeAsync(new SubscriptionOptions("test") { IsInstance = true }, (message, _) =>
        {
            _seen.Enqueue(message.Event);
            return Task.FromResult(MessageOutcome.Completed);
        }, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        while (_open.TryPop(out var one))
            await one.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    // A database of its own for each instance: nothing is shared but the file, as between processes.
    private (SqliteDatabase Database, EmbeddedEventBus Bus) OpenBus()
    {
        var database = MainDatabase.Open(_folder.Data);
        var bus = new EmbeddedEventBus(database, TimeProvider.System, NullLogger<EmbeddedEventBus>.Instance);
        _open.Push(database);
        _open.Push(bus);
        return (database, bus);
    }
}
