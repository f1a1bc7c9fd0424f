using ImageAspire.Azure;
using ImageAspire.Azure.ApiKeys;
using ImageAspire.Azure.Audit;
using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Reports;
using ImageAspire.Azure.Webhooks;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

/// <summary>Indexes, registration and what the contracts do not ask.</summary>
public sealed class MongoStoresTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MongoTestDatabase _mongo = new();

    [Fact]
    public async Task Indexes_MadeAgain_ChangeNothing() => await new MongoIndexes(_mongo.Database).StartAsync(None);

    [Fact]
    public async Task Indexes_AnotherOfTheSameName_ErrorNamesIt()
    {
        await _mongo.Images.Indexes.DropOneAsync("images_name");
        await _mongo.Images.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(new BsonDocument("other", 1), new CreateIndexOptions { Name = "images_name" }));
        (await Should.ThrowAsync<InvalidOperationException>(() => new MongoIndexes(_mongo.Database).StartAsync(None))).Message.ShouldContain("images_name");
    }

    [Fact]
    public async Task Reports_MoreEventsThanASlotHolds_AreAddedUpAndStillCountedOnce()
    {
        var store = new MongoReportStore(_mongo.Database, TimeProvider.System);
        var events = Enumerable.Range(0, 600).Select(_ => Samples.Event(ImageEventTypes.Received, Samples.Image(bytes: 10))).ToList();
        await Parallel.ForEachAsync(events, async (e, token) => await store.ApplyAsync(e, token));
        var restarted = new MongoReportStore(_mongo.Database, TimeProvider.System);
        foreach (var e in (ImageEvent[])[events[0], events[^1], events[300]])
        {
            await store.ApplyAsync(e, None);
            await restarted.ApplyAsync(e, None);
        }

        var today = DateOnly.FromDateTime(Samples.Noon.UtcDateTime);
        var day = (await restarted.DailyAsync(today, today, None)).ShouldHaveSingleItem();
        (day.Received, day.Bytes).ShouldBe((600, 6_000));
    }

    [Fact]
    public async Task Reports_TagsThatLookLikeFields_AreTags()
    {
        var store = new MongoReportStore(_mongo.Database, TimeProvider.System);
        string[] tags = ["a.b", "$inc", "", "\ud83d", "received"];
        await store.ApplyAsync(Samples.Event(ImageEventTypes.Analyzed, Samples.Image() with { Tags = tags }), None);
        var today = DateOnly.FromDateTime(Samples.Noon.UtcDateTime);
        var day = (await store.DailyAsync(today, today, None)).ShouldHaveSingleItem();
        day.Tags.Keys.ShouldBe(["a.b", "$inc", "", "\ufffd", "received"], ignoreOrder: true);
        (day.Received, day.Analyzed).ShouldBe((0, 1));
    }

    [Fact]
    public void Stores_Registered_AreAllThere()
    {
        var services = new ServiceCollection().AddSingleton(_mongo.Database).AddSingleton<IEventBus, MongoRecordingBus>()
            .AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>)).AddMongoStores();
        using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        provider.GetRequiredService<IImageCatalog>().ShouldBeOfType<MongoImageCatalog>();
        provider.GetRequiredService<IAuditLog>().ShouldBeOfType<MongoAuditLog>();
        provider.GetRequiredService<IReportStore>().ShouldBeOfType<MongoReportStore>();
        provider.GetRequiredService<IWebhookStore>().ShouldBeOfType<MongoWebhookStore>();
        provider.GetRequiredService<IWebhookDeliveries>().ShouldBeOfType<MongoWebhookDeliveries>();
        provider.GetRequiredService<IApiKeyStore>().ShouldBeOfType<MongoApiKeyStore>();
        provider.GetServices<Microsoft.Extensions.Hosting.IHostedService>().Select(one => one.GetType()).ShouldBe([typeof(MongoIndexes), typeof(OutboxRelay), typeof(CatalogUpgrade)]);
    }

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
