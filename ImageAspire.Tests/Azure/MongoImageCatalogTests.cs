using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Azure;

public sealed class MongoImageCatalogTests : ImageCatalogContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();
    private readonly OutboxQueue _queue = new();
    private readonly MongoRecordingBus _bus = new();

    protected override IImageCatalog Open() => new MongoImageCatalog(_mongo.Database, _queue, TimeProvider.System);

    protected override async Task<IReadOnlyList<ImageEvent>> PublishedAsync()
    {
        using var relay = new OutboxRelay(_queue, new Outbox(_mongo.Database), _bus, TimeProvider.System, NullLogger<OutboxRelay>.Instance);
        await relay.RelayAsync(CancellationToken.None);
        return _bus.Published;
    }

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
