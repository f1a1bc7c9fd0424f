using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IReportStore"/> must do. One store per test; several instances on it.</summary>
public abstract class ReportStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateOnly Today = DateOnly.FromDateTime(Samples.Noon.UtcDateTime);

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IReportStore Open();

    [Fact]
    public async Task Daily_NoEvents_NoDays() => (await Open().DailyAsync(Today.AddDays(-366), Today, None)).ShouldBeEmpty();

    [Fact]
    public async Task Apply_EveryKindOfEvent_IsCountedOnItsDay()
    {
        var (store, other) = (Open(), Open());
        var image = Samples.Image("a.jpg", bytes: 700);
        var why = new ImageFailure("InspectImage", FailureCodes.Corrupt, "Broken.", 1, Samples.Noon);
        ImageEvent[] events =
        [
            Samples.Event(ImageEventTypes.Received, image), Samples.Event(ImageEventTypes.Received, Samples.Image("b.jpg", bytes: 300)),
            Samples.Event(ImageEventTypes.Rejected, image, failure: why), Samples.Event(ImageEventTypes.Rejected, image, failure: why),
            Samples.Event(ImageEventTypes.Failed, image, failure: why with { Code = "time-limit" }),
            Samples.Event(ImageEventTypes.Deleted, image), Samples.Event(ImageEventTypes.Updated, image), Samples.Event(ImageEventTypes.Inspected, image),
            Samples.Event(ImageEventTypes.Received, image, Samples.Noon.AddDays(2)), // a day without events in between
            Samples.Event(ImageEventTypes.Deleted, image, new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.FromHours(2))), // still March 1st in UTC
        ];
        foreach (var e in events)
            await store.ApplyAsync(e, None);

        var days = await other.DailyAsync(Today.AddDays(-3), Today.AddDays(3), None);

        days.Select(d => d.Day).ShouldBe([Today, Today.AddDays(2)]);
        var day = days[0];
        (day.Received, day.Bytes, day.Analyzed, day.Rejected, day.Failed, day.Deleted).ShouldBe((2, 1000, 0, 2, 1, 2));
        day.Failures.ShouldBe(new Dictionary<string, long> { [FailureCodes.Corrupt] = 2, ["time-limit"] = 1 }, ignoreOrder: true);
        (day.TimeToAnalyzedP50, day.TimeToAnalyzedP95).ShouldBe((null, null));
        day.Tags.ShouldBeEmpty();
        (await other.DailyAsync(Today.AddDays(1), Today.AddDays(1), None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_RestoredFromTheTrash_TheDeletionNoLongerCountsOnItsDay()
    {
        var store = Open();
        var (image, later) = (Samples.Image(), Samples.Noon.AddDays(2));
        var restored = Samples.Event(ImageEventTypes.Restored, image, later);
        await store.ApplyAsync(Analyzed(image, 2), None);
        await store.ApplyAsync(Samples.Event(ImageEventTypes.Deleted, image), None);
        await store.ApplyAsync(Samples.Event(ImageEventTypes.Deleted, Samples.Image()), None);
        await store.ApplyAsync(restored with { Data = restored.Data with { DeletedAt = Samples.Noon } }, None);
        await store.ApplyAsync(Samples.Event(ImageEventTypes.Restored, image, later), None); // from the archive

        await store.ApplyAsync(Analyzed(image, 7200), None); // not the first analysis

        var day = (await store.DailyAsync(Today, Today, None)).ShouldHaveSingleItem();
        (day.Deleted, day.Analyzed).ShouldBe((1, 2));
        day.TimeToAnalyzedP95!.Value.ShouldBeInRange(2 / 1.25, 2 * 1.25);
        (await store.DailyAsync(Today.AddDays(2), Today.AddDays(2), None)).ShouldAllBe(one => one.Deleted == 0);
    }

    [Fact]
    public async Task Apply_SameEventAgain_ChangesNothing()
    {
        IReportStore[] stores = [Open(), Open()];
        ImageEvent[] events = [Samples.Event(ImageEventTypes.Received, Samples.Image()), Analyzed(Samples.Image(), 2, "sea")];
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => stores[i % 2].ApplyAsync(events[i / 10], None))));

        var day = (await stores[1].DailyAsync(Today, Today, None)).ShouldHaveSingleItem();
        (day.Received, day.Analyzed, day.Tags["sea"]).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task Apply_InParallel_LosesNothing()
    {
        IReportStore[] stores = [Open(), Open()];
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() =>
            stores[i % 2].ApplyAsync(Samples.Event(ImageEventTypes.Received, Samples.Image(bytes: 10)), None))));
        var day = (await stores[0].DailyAsync(Today, Today, None)).ShouldHaveSingleItem();
        (day.Received, day.Bytes).ShouldBe((100, 1000));
    }

    [Fact]
    public async Task TimeToAnalyzed_ManyImages_PercentilesWithinABucket()
    {
        var store = Open();
        for (var i = 1; i <= 100; i++)
            await store.ApplyAsync(Analyzed(Samples.Image(), i / 10.0), None); // 0.1 s … 10 s

        var day = (await store.DailyAsync(Today, Today, None)).ShouldHaveSingleItem();
        day.TimeToAnalyzedP50!.Value.ShouldBeInRange(5.0 / 1.25, 5.0 * 1.25);
        day.TimeToAnalyzedP95!.Value.ShouldBeInRange(9.5 / 1.25, 9.5 * 1.25);
    }

    [Fact]
    public async Task TimeToAnalyzed_AnalyzedAgain_CountsTheFirstTimeOnly()
    {
        var store = Open();
        var image = Samples.Image();
        await store.ApplyAsync(Analyzed(image, 2), None);
        await store.ApplyAsync(Analyzed(image, 3600), None);
        await store.ApplyAsync(Analyzed(image, 7200), None);

        var day = (await store.DailyAsync(Today, Today, None)).ShouldHaveSingleItem();
        day.Analyzed.ShouldBe(3);
        day.TimeToAnalyzedP95!.Value.ShouldBeInRange(2 / 1.25, 2 * 1.25);
    }

    [Fact]
    public async Task TimeToAnalyzed_ClocksThatDisagree_IsNotNegative()
    {
        var store = Open();
        await store.ApplyAsync(Analyzed(Samples.Image(), -5), None);
        (await store.DailyAsync(Today, Today, None))[0].TimeToAnalyzedP50!.Value.ShouldBeInRange(0, 0.01);
    }

    [Fact]
    public async Task Apply_ImageSentBackToTheStart_IsNotReceivedTwice()
    {
        var store = Open();
        var image = Samples.Image(bytes: 10);
        await store.ApplyAsync(Samples.Event(ImageEventTypes.Received, image), None);
        await store.ApplyAsync(Samples.Event(ImageEventTypes.Received, image with { Version = 3 }), None);
        var day = (await store.DailyAsync(Today, Today, None)).ShouldHaveSingleItem();
        (day.Received, day.Bytes).ShouldBe((1, 10));
    }

    [Fact]
    public async Task Tags_MoreThanTwenty_TheMostFrequentRemain()
    {
        var store = Open();
        for (var i = 0; i < 30; i++)
            await store.ApplyAsync(Analyzed(Samples.Image(), 1, [.. Enumerable.Range(0, i + 1).Select(t => $"t{t:D2}")]), None);

        var day = (await store.DailyAsync(Today, Today, None)).ShouldHaveSingleItem();
        day.Tags.Keys.Order().ShouldBe(Enumerable.Range(0, 20).Select(t => $"t{t:D2}"));
        (day.Tags["t00"], day.Tags["t19"]).ShouldBe((30, 11));
    }

    [Fact]
    public async Task Daily_RangeOutOfOrderOrTooLong_Throws()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Open().DailyAsync(Today, Today.AddDays(-1), None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Open().DailyAsync(Today, Today.AddDays(367), None));
    }

    private static ImageEvent Analyzed(ImageRecord image, double seconds, params string[] tags) =>
        Samples.Event(ImageEventTypes.Analyzed, image with { Status = ImageStatus.Analyzed, Tags = tags }, image.UploadedAt.AddSeconds(seconds));
}
