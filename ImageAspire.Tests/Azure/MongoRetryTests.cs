using ImageAspire.Azure;
using ImageAspire.Azure.Audit;
using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Reports;
using ImageAspire.Azure.Webhooks;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;
using ImageAspire.Emulators;
using ImageAspire.Emulators.Faults;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

/// <summary>
/// Writes whose answer is lost. On a replica set the driver sends them again, and they are done once; on a standalone server the caller gets an error
/// and tries again, and nothing is there twice.
/// </summary>
public sealed class MongoRetryTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private MongoStandIn? _server;
    private MongoClient? _client;

    // What goes wrong, with and without a replica set.
    public static TheoryData<string, bool> Faults => new MatrixTheoryData<string, bool>(["closed before", "closed after", "not primary"], [false, true]);

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Change_AnswerIsLost_IsAppliedOnce(string fault, bool replicaSet)
    {
        var database = await StartAsync(replicaSet);
        var catalog = new MongoImageCatalog(database, new OutboxQueue(), TimeProvider.System);
        var image = Samples.Image();
        await catalog.CommitAsync([image.Insert()], None);
        Break("update", fault);
        var change = image.Replace(record => record with { Name = "b.jpg" });

        var result = await UntilAnsweredAsync(replicaSet, () => catalog.CommitAsync([change], None));

        // Who tries again cannot know that it was applied: the version says that someone has changed the image.
        result.ShouldBe([replicaSet || fault != "closed after" ? CommitResult.Applied : CommitResult.Stale]);
        var stored = await database.GetCollection<BsonDocument>(ImageDocument.Collection).Find(new BsonDocument()).SingleAsync();
        (stored["image"]["name"].AsString, stored["image"]["version"].AsInt64, stored["outbox"].AsBsonArray.Count).ShouldBe(("b.jpg", 2, 2));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Insert_AnswerIsLost_IsThereOnce(string fault, bool replicaSet)
    {
        var database = await StartAsync(replicaSet);
        var catalog = new MongoImageCatalog(database, new OutboxQueue(), TimeProvider.System);
        var (first, second) = (Samples.Image(), Samples.Image("b.jpg", 1));
        Break("insert", fault);

        var result = await UntilAnsweredAsync(replicaSet, () => catalog.CommitAsync([first.Insert(), second.Insert()], None));

        var expected = replicaSet || fault != "closed after" ? CommitResult.Applied : CommitResult.Duplicate;
        result.ShouldBe([expected, expected]);
        (await database.GetCollection<BsonDocument>(ImageDocument.Collection).CountDocumentsAsync(new BsonDocument())).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Report_AnswerIsLost_IsCountedOnce(string fault, bool replicaSet)
    {
        var store = new MongoReportStore(await StartAsync(replicaSet), TimeProvider.System);
        var e = Samples.Event(ImageEventTypes.Received, Samples.Image(bytes: 10));
        Break("update", fault);

        await UntilAnsweredAsync(replicaSet, () => ApplyAsync(store, e));

        var today = DateOnly.FromDateTime(Samples.Noon.UtcDateTime);
        var day = (await store.DailyAsync(today, today, None)).ShouldHaveSingleItem();
        (day.Received, day.Bytes).ShouldBe((1, 10));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task FirstAnalysis_AnswerIsLost_ItsDurationIsCountedOnce(string fault, bool replicaSet)
    {
        var store = new MongoReportStore(await StartAsync(replicaSet), TimeProvider.System);
        var e = Samples.Event(ImageEventTypes.Analyzed, Samples.Image(), Samples.Noon.AddSeconds(3));
        Break("insert", fault);

        await UntilAnsweredAsync(replicaSet, () => ApplyAsync(store, e));
        await store.ApplyAsync(e, None);

        var today = DateOnly.FromDateTime(Samples.Noon.UtcDateTime);
        var day = (await store.DailyAsync(today, today, None)).ShouldHaveSingleItem();
        day.Analyzed.ShouldBe(1);
        day.TimeToAnalyzedP50.ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task AuditEntry_AnswerIsLost_IsThereOnceAndTheChainHolds(string fault, bool replicaSet)
    {
        using var log = new MongoAuditLog(await StartAsync(replicaSet), TimeProvider.System);
        await log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None);
        var e = Samples.Event(ImageEventTypes.Received, Samples.Image());
        Break("insert", fault);

        await UntilAnsweredAsync(replicaSet, async () =>
        {
            await log.AppendAsync(e, None);
            return true;
        });

        (await log.QueryAsync(new AuditQuery(), None)).Items.Count.ShouldBe(2);
        (await log.GetHeadAsync(None)).Number.ShouldBe(2);
        (await log.VerifyAsync(null, None)).Intact.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Claim_AnswerIsLost_TheDeliveryIsDueAgain(string fault, bool replicaSet)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Samples.Noon);
        var store = new MongoWebhookDeliveries(await StartAsync(replicaSet), clock);
        var webhook = new Webhook
        {
            Id = Guid.CreateVersion7(), Version = 1, Url = "https://example.com/", Types = Webhook.AllTypes, Enabled = true, Secret = "whsec_b2xk", CreatedAt = Samples.Noon, CreatedBy = "boss",
        };
        var delivery = WebhookDeliveries.Of(Samples.Event(ImageEventTypes.Analyzed, Samples.Image()), webhook, Samples.Noon);
        await store.EnqueueAsync([delivery], None);
        Break("findAndModify", fault);

        var claimed = await UntilAnsweredAsync(replicaSet, () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1)); // the lease of the claim whose answer was lost has ended
            return store.ClaimAsync(webhook.Id, 10, TimeSpan.FromMinutes(1), None);
        });

        claimed.ShouldHaveSingleItem().Delivery.Id.ShouldBe(delivery.Id);
    }

    [Fact]
    public async Task BulkIsThrottledHalfway_TheRestIsDoneNextTime()
    {
        var database = await StartAsync(replicaSet: false);
        var catalog = new MongoImageCatalog(database, new OutboxQueue(), TimeProvider.System);
        var images = Enumerable.Range(0, 4).Select(i => Samples.Image($"{i}.jpg", i).Insert()).ToList();
        _server!.Faults.Add(new MongoFault { Commands = ["insert"], StatementErrorCode = 16500, FirstRefused = 2 });

        await Should.ThrowAsync<StoreUnavailableException>(() => catalog.CommitAsync(images, None));

        (await catalog.CommitAsync(images, None)).ShouldBe([CommitResult.Duplicate, CommitResult.Duplicate, CommitResult.Applied, CommitResult.Applied]);
        (await catalog.QueryAsync(new ImageQuery(), None)).Items.Count.ShouldBe(4);
    }

    private async Task<IMongoDatabase> StartAsync(bool replicaSet)
    {
        _server = await MongoStandIn.StartAsync(new MongoStandInOptions { ReplicaSet = replicaSet ? "r" : null });
        _client = new MongoClient(_server.ConnectionString);
        var database = _client.GetDatabase("a");
        await new MongoIndexes(database).StartAsync(None);
        return database;
    }

    private static async Task<bool> ApplyAsync(MongoReportStore store, ImageEvent e)
    {
        await store.ApplyAsync(e, None);
        return true;
    }

    private void Break(string command, string fault) => _server!.Faults.Add(new MongoFault
    {
        Commands = [command], ClosesBefore = fault == "closed before", ClosesAfter = fault == "closed after", ErrorCode = fault == "not primary" ? 10107 : null,
    });

    // On a replica set at once; on a standalone server the port's own error first.
    private async Task<T> UntilAnsweredAsync<T>(bool replicaSet, Func<Task<T>> call)
    {
        if (!replicaSet)
            await Should.ThrowAsync<StoreUnavailableException>(call);
        var result = await call();
        _server!.Faults.Left.ShouldBe(0);
        return result;
    }
}
