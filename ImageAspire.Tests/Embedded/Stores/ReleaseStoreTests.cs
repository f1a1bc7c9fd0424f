using ImageAspire.Core.Access;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Tests.Embedded.Stores;

/// <summary>Who updates keeps everything: a store of an earlier release is opened by the present code. What is in it: README.md.</summary>
public sealed class ReleaseStoreTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ReleaseStore _store = new("release-0.1");

    private IImageCatalog Catalog => _store.Get<IImageCatalog>();

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Open_StoreOfADeadProcess_EveryDatabaseIsSoundBeforeAndAfter()
    {
        (await _store.FaultsAsync()).ShouldBeEmpty();

        await UploadAsync(TestImages.Jpeg(seed: 77), "new.jpg");
        await _store.Get<IAuditLog>().QueryAsync(new AuditQuery(), None);
        await _store.Get<IReportStore>().DailyAsync(Day, Day, None);
        await _store.CloseAsync();

        (await _store.FaultsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_EverySort_GivesTheRecordsOfTheTime()
    {
        (await NamesAsync(new ImageQuery())).ShouldBe(["waits for inspection.webp", "waits for analysis.jpg", "in hand.jpg", "tried again later.jpg",
            "no answer.jpg", "broken.png", "東京タワー.gif", "Crème brûlée.png", "harbour at dawn.jpg"]);
        (await NamesAsync(new ImageQuery { Sort = ImageSort.Name, Limit = 3 })).ShouldBe(["broken.png", "Crème brûlée.png", "harbour at dawn.jpg"]);
        (await NamesAsync(new ImageQuery { Sort = ImageSort.Largest, Limit = 1, Archived = null })).ShouldBe(["old plan.tiff"]);
        (await NamesAsync(new ImageQuery { Archived = true })).ShouldBe(["old plan.tiff"]);
        (await NamesAsync(new ImageQuery { Status = ImageStatus.Rejected })).ShouldBe(["broken.png"]);
        (await NamesAsync(new ImageQuery { Tag = "holiday" })).ShouldBe(["Crème brûlée.png", "harbour at dawn.jpg"]);
        var page = await Catalog.QueryAsync(new ImageQuery { Limit = 8 }, None);
        (await NamesAsync(new ImageQuery { Limit = 8, Cursor = page.Next })).ShouldBe(["harbour at dawn.jpg"]);
    }

    [Theory]
    [InlineData("CREME bru", "Crème brûlée.png")]
    [InlineData("東京", "東京タワー.gif")]
    [InlineData("port 4", "harbour at dawn.jpg")] // text in the image
    [InlineData("boat harb", "harbour at dawn.jpg")] // caption and name
    [InlineData("holi dessert", "Crème brûlée.png")] // tag and caption
    [InlineData("waits webp", "waits for inspection.webp")] // in the write-ahead log alone
    public async Task Search_Words_FindsWhatTheOldVersionIndexed(string text, string name) =>
        (await NamesAsync(new ImageQuery { Text = text })).ShouldBe([name]);

    [Fact]
    public async Task List_ByWhatTheFilesSay_FindsRecordsFromBeforeThereWereSuchFilters()
    {
        ImageQuery[] queries =
        [
            new() { Camera = "maker model 1" }, new() { Area = new GeoArea(139, 35, 140, 36) }, new() { Sort = ImageSort.Taken, Limit = 1 },
            new() { TakenFrom = new DateTime(2023, 9, 23), TakenTo = new DateTime(2023, 9, 24) },
        ];
        foreach (var query in queries)
            (await NamesAsync(query)).ShouldBe(["harbour at dawn.jpg"]);
        (await NamesAsync(new ImageQuery { Sort = ImageSort.Taken, Archived = null })).Length.ShouldBe(10);
        (await NamesAsync(new ImageQuery { MinRating = 1 })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Find_ByHash_FindsRecordsFromBeforeThereWereVectors()
    {
        var hash = PerceptualVector.Of("f0e1d2c3b4a59686")!;
        var found = await _store.Get<IVectorIndex>().FindAsync(new VectorQuery(VectorKind.Hash, hash) { MinScore = PerceptualVector.ScoreOf(1) }, None);
        found.Select(one => one.Image.Name).ShouldContain("harbour at dawn.jpg");
        var record = await OneAsync("harbour at dawn.jpg");
        record.Analysis!.VectorModels.ShouldBeNull();
        StageCatalog.AnalyzeImage.Reprocessing!.LacksResult(record).ShouldBeTrue();
    }

    [Fact]
    public async Task Facets_AreThoseOfTheRecords()
    {
        (await Catalog.CountAsync(Facet.Status, 10, None)).Select(one => (one.Value, one.Count)).ShouldBe(
            [("analyzed", 4), ("received", 2), ("inspected", 2), ("rejected", 1), ("failed", 1)], ignoreOrder: true);
        (await Catalog.CountAsync(Facet.Tag, 10, None)).Select(one => (one.Value, one.Count)).ShouldBe(
            [("holiday", 2), ("boat", 1), ("water", 1), ("food", 1), ("tower", 1)], ignoreOrder: true);
    }

    [Fact]
    public async Task Record_Analyzed_HasEverythingThatWasKnown()
    {
        var record = await OneAsync("harbour at dawn.jpg");

        (record.Status, record.Version, record.UploadedBy, record.ContentType, record.Bytes).ShouldBe((ImageStatus.Analyzed, 4, "camera", "image/jpeg", 292));
        (record.UploadedAt, record.UpdatedAt).ShouldBe((At(10, 1, 4), At(10, 1, 6)));
        (record.Width, record.Height, record.Orientation, record.PerceptualHash).ShouldBe((48, 64, 6, "f0e1d2c3b4a59687"));
        record.Camera.ShouldBe(new CameraInfo("Maker", "Model 1", "50 mm", 2.8, 0.004, 200, 50, false));
        record.Location.ShouldBe(new GeoLocation(35.6586, 139.7454, 12.5));
        record.Colors!.Dominant.ShouldBe(["#dc1414", "#14b414"]);
        record.Thumbnails.ShouldBe([new ThumbnailInfo(256, 48, 64, "image/webp", 300), new ThumbnailInfo(1024, 48, 64, "image/webp", 400)]);
        record.Tags.ShouldBe(["holiday"]);
        record.Analysis!.Caption.ShouldBe("A boat in a harbour.");
        record.Analysis.Objects.ShouldBe([new DetectedObject("boat", 0.8, new BoundingBox(1, 2, 30, 20))]);
        record.Analysis.Text.ShouldHaveSingleItem().Text.ShouldBe("PORT 42");
        (await OneAsync("no answer.jpg")).Failure.ShouldBe(
            new ImageFailure("AnalyzeImage", FailureCodes.AnalyzerUnavailable, "The vision service did not answer. Start it and retry.", 5, At(10, 8, 14)));
    }

    [Fact]
    public async Task AuditLog_HasWhatHappenedToImagesAndKeys()
    {
        var log = (await _store.Get<IAuditLog>().QueryAsync(new AuditQuery { Limit = 200 }, None)).Items;
        var harbour = await OneAsync("harbour at dawn.jpg");

        log.Count(entry => entry.Type == AccessEventTypes.KeyCreated).ShouldBe(3);
        log.Single(entry => entry.Type == AccessEventTypes.Denied).Access!.Count.ShouldBe(3);
        log.Single(entry => entry.Type == "image.deleted").Data!.Name.ShouldBe("gone.bmp");
        log.Where(entry => entry.ImageId == harbour.Id).Select(entry => entry.Type).ShouldBe(["image.updated", "image.analyzed", "image.inspected", "image.received"]);
    }

    [Fact]
    public async Task Keys_KeepTheirSecretsAndTheirStates()
    {
        var set = (await _store.Get<IApiKeyStore>().ReadAsync(null, None)).ShouldNotBeNull();

        set.Keys.Select(key => key.Name).ShouldBe(["camera", "phone", "old laptop"]);
        (set.Keys[0].Sha256, set.Keys[0].RevokedAt).ShouldBe((ApiKeySecret.Hash("ia_camera-secret-of-release-0.1"), null));
        set.Keys[1].PreviousSha256.ShouldBe(ApiKeySecret.Hash("ia_phone-secret-of-release-0.1"));
        set.Keys[2].RevokedBy.ShouldBe("operator");
        set.Uses.ShouldHaveSingleItem().KeyId.ShouldBe(set.Keys[0].Id);
    }

    [Fact]
    public async Task Webhooks_KeepTheirDeliveries_AndWhatIsDueIsSent()
    {
        var hooks = await _store.Get<IWebhookStore>().ListAsync(None);
        var deliveries = _store.Get<IWebhookDeliveries>();

        hooks.Select(hook => (hook.Url, hook.Enabled, hook.DisabledReason)).ShouldBe(
            [("https://example.com/hooks?a=1", true, null), ("https://example.org/gone", false, "The receiver said 410 Gone.")]);
        var all = (await deliveries.ListAsync(hooks[0].Id, 50, null, None)).Items;
        all.CountBy(one => one.State).ShouldBe(
            new Dictionary<DeliveryState, int> { [DeliveryState.Pending] = 4, [DeliveryState.Delivered] = 1, [DeliveryState.Failed] = 1 }, ignoreOrder: true);
        all.Single(one => one.State == DeliveryState.Failed).Attempts.ShouldHaveSingleItem().Error.ShouldBe(DeliveryErrors.AddressRefused);
        (await deliveries.ClaimAsync(hooks[0].Id, 10, TimeSpan.FromMinutes(1), None)).Select(claim => claim.Delivery.Id)
            .ShouldBe(all.Where(one => one.State == DeliveryState.Pending).Select(one => one.Id), ignoreOrder: true);
    }

    private static DateOnly Day => DateOnly.FromDateTime(ReleaseStore.MadeAt.UtcDateTime);

    private static DateTimeOffset At(int hour, int minute, int second) => new(Day, new TimeOnly(hour, minute, second), TimeSpan.Zero);

    private async Task<string[]> NamesAsync(ImageQuery query) => [.. (await Catalog.QueryAsync(query, None)).Items.Select(record => record.Name)];

    private async Task<ImageRecord> OneAsync(string name) => (await Catalog.QueryAsync(new ImageQuery(), None)).Items.Single(record => record.Name == name);

    private async Task<ReceivedImage> UploadAsync(byte[] file, string name)
    {
        var receive = new ReceiveImage(Catalog, _store.Get<IBlobStore>(), _store.Get<IScrubFindingStore>(), _store.Clock);
        var staged = await receive.StageAsync(new MemoryStream(file), name, 1 << 20, None);
        return (await receive.CommitAsync([staged], new Uploader("tester"), None))[0];
    }
}
