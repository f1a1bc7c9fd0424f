using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

public class MongoImageCatalogTests : ImageCatalogContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo;
    private readonly OutboxQueue _queue = new();
    private readonly MongoRecordingBus _bus = new();

    public MongoImageCatalogTests()
        : this(MongoTestServer.Standalone)
    {
    }

    private protected MongoImageCatalogTests(MongoTestServer server) => _mongo = new MongoTestDatabase(server);

    protected override IImageCatalog Open() => new MongoImageCatalog(_mongo.Database, _queue, TimeProvider.System);

    protected override async Task<IReadOnlyList<ImageEvent>> PublishedAsync()
    {
        using var relay = new OutboxRelay(_queue, new Outbox(_mongo.Database), _bus, TimeProvider.System, NullLogger<OutboxRelay>.Instance);
        await relay.RelayAsync(CancellationToken.None);
        return _bus.Published;
    }

    [Fact]
    public async Task Upgrade_DocumentsOfAnEarlierVersion_AreFoundAfterIt()
    {
        var catalog = Open();
        var images = Enumerable.Range(0, 450).Select(i => Samples.Image($"{i}.jpg", i) with { Camera = new CameraInfo("LEICA", "Q3"), TakenAtLocal = new DateTime(2023, 1, 1).AddDays(i) }).ToList();
        await catalog.CommitAsync([.. images.Select(image => image.Insert())], CancellationToken.None);
        await _mongo.Images.UpdateManyAsync(new BsonDocument(), Builders<BsonDocument>.Update.Unset("find.camera").Unset("find.taken"));
        var query = new ImageQuery { Camera = "leica", TakenFrom = new DateTime(2023, 1, 2), Limit = 200 };
        (await catalog.QueryAsync(query, CancellationToken.None)).Items.ShouldBeEmpty();
        using var upgrade = new CatalogUpgrade(_mongo.Database, TimeProvider.System, NullLogger<CatalogUpgrade>.Instance);

        (await upgrade.RunAsync(CancellationToken.None)).ShouldBe(450);

        (await catalog.QueryAsync(query, CancellationToken.None)).Items.Count.ShouldBe(200);
        (await upgrade.RunAsync(CancellationToken.None)).ShouldBe(0);
    }

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _mongo.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class MongoImageCatalogOnReplicaSetTests() : MongoImageCatalogTests(MongoTestServer.ReplicaSet);
