using System.Collections.Concurrent;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Embedded.Stores;

/// <summary>What an earlier release had not finished goes on under the present code. What is in its store: README.md.</summary>
public sealed class ReleaseStoreWorkTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Guid Owner = new("00000000-0000-7000-8000-000000000001");
    private readonly ReleaseStore _store = new("release-0.1");

    private ITopicOperations Topic => _store.Get<ITopicOperations>();

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Audit_WaitingMessages_AreDeliveredOnceAndInTheLog()
    {
        var log = _store.Get<IAuditLog>();
        var before = (await log.QueryAsync(new AuditQuery { Limit = 200 }, None)).Items.Count;
        await using var stage = await _store.SubscribeAsync("record-audit", message => log.AppendAsync(message.Event, None));

        await IdleAsync("record-audit");

        var after = (await log.QueryAsync(new AuditQuery { Limit = 200 }, None)).Items;
        after.Count.ShouldBe(before + 10); // nine, and the scheduled one whose time has come
        after.Single(entry => entry.Type == "image.failed").Data!.Failure!.Code.ShouldBe(FailureCodes.AnalyzerUnavailable);
    }

    [Fact]
    public async Task Reports_PausedSubscription_CountsTheRestWhenItIsResumed()
    {
        var reports = _store.Get<IReportStore>();
        var day = DateOnly.FromDateTime(ReleaseStore.MadeAt.UtcDateTime);
        var first = (await reports.DailyAsync(day, day, None)).ShouldHaveSingleItem();
        (first.Received, first.Analyzed, first.Rejected, first.Failed, first.Deleted).ShouldBe((6, 4, 1, 0, 1));
        first.Tags["holiday"].ShouldBe(1);
        await using var stage = await _store.SubscribeAsync("update-reports", message => reports.ApplyAsync(message.Event, None));
        (await StatusAsync("update-reports")).Pause.ShouldNotBeNull();

        await Topic.ResumeAsync("update-reports", None);
        await IdleAsync("update-reports");

        var second = (await reports.DailyAsync(day, day, None)).ShouldHaveSingleItem();
        (second.Received, second.Failed).ShouldBe((11, 1));
    }

    [Fact]
    public async Task Inspection_MessageOfTheDeadProcess_IsDeliveredAgain()
    {
        var seen = new ConcurrentDictionary<string, int>();
        await using var stage = await _store.SubscribeAsync("inspect-image", message =>
        {
            seen.AddOrUpdate(message.Event.Data.Name, message.DeliveryCount, (_, before) => Math.Max(before, message.DeliveryCount));
            return Task.CompletedTask;
        });

        // The holder of a lock that has expired has a moment more, from the first look at it on, to renew it.
        await Eventually.TrueAsync(() => seen.Count >= 2); // all three, when its process was found dead before
        _store.Clock.Advance(TimeSpan.FromSeconds(4));
        await IdleAsync("inspect-image");

        seen.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value))
            .ShouldBe([("in hand.jpg", 2), ("waits for analysis.jpg", 1), ("waits for inspection.webp", 1)]);
    }

    [Fact]
    public async Task Analysis_RetryAndDeadLetter_GoOn()
    {
        var dead = (await Topic.ListDeadLettersAsync("analyze-image", 10, null, None)).ShouldHaveSingleItem();
        (dead.Reason, dead.DeliveryCount, dead.Event!.Data.Name).ShouldBe((FailureCodes.AnalyzerUnavailable, 1, "no answer.jpg"));
        (await Topic.ResolveDeadLetterAsync("analyze-image", dead.Sequence, discard: false, None)).ShouldBeTrue();
        var seen = new ConcurrentBag<(string, int)>();
        await using var stage = await _store.SubscribeAsync("analyze-image", message =>
        {
            seen.Add((message.Event.Data.Name, message.DeliveryCount));
            return Task.CompletedTask;
        });

        await IdleAsync("analyze-image");

        seen.ShouldBe([("no answer.jpg", 1), ("tried again later.jpg", 2), ("waits for analysis.jpg", 1)], ignoreOrder: true);
    }

    [Fact]
    public async Task Upload_NewImage_IsStoredAnnouncedAndFound()
    {
        var heard = new TaskCompletionSource<Guid>();
        await using var feed = await _store.Get<IEventBus>().SubscribeAsync(new SubscriptionOptions("live") { IsInstance = true }, (message, _) =>
        {
            heard.TrySetResult(message.Event.ImageId);
            return Task.FromResult(MessageOutcome.Completed);
        }, None);

        var stored = await UploadAsync(TestImages.Jpeg(64, 48, 99), "brand new.jpg");

        stored.Duplicate.ShouldBeFalse();
        (await heard.Task.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe(stored.Record.Id);
        (await _store.Get<IImageCatalog>().QueryAsync(new ImageQuery { Text = "brand" }, None)).Items.ShouldHaveSingleItem().Id.ShouldBe(stored.Record.Id);
    }

    [Fact]
    public async Task Upload_BytesOfAnOldImage_AreADuplicate()
    {
        var stored = await UploadAsync(TestImages.Jpeg(64, 48, 1), "another name.jpg");

        (stored.Duplicate, stored.Record.Name).ShouldBe((true, "harbour at dawn.jpg"));
    }

    [Fact]
    public async Task ResumableUpload_HalfDone_CanBeCompleted()
    {
        var (uploads, bytes) = (_store.Get<IUploadStore>(), TestImages.Jpeg(64, 48, 11));
        await using var hold = (await uploads.TryAcquireAsync(Owner, new Guid("00000000-0000-7000-8000-0000000000aa"), None)).ShouldNotBeNull();
        (hold.State.Upload.Name, hold.State.Offset).ShouldBe(("half.jpg", bytes.Length / 2));

        await hold.AppendAsync(bytes.AsMemory(bytes.Length / 2), None);

        hold.State.IsComplete.ShouldBeTrue();
        using var read = new MemoryStream();
        await using (var content = await hold.OpenAsync(None))
            await content.CopyToAsync(read);
        read.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public async Task ResumableUpload_Finished_StillTellsItsImage()
    {
        var upload = (await _store.Get<IUploadStore>().FindAsync(Owner, new Guid("00000000-0000-7000-8000-0000000000bb"), None)).ShouldNotBeNull();

        (await _store.Get<IImageCatalog>().GetAsync(upload.Upload.ImageId!.Value, None))!.Name.ShouldBe("in hand.jpg");
    }

    [Fact]
    public async Task Runs_AreAsTheyStood() => (await _store.Get<IReprocessingJobStore>().ListAsync(None)).Select(run => (run.Stage, run.Version, run.State, run.Examined))
        .ShouldBe([("analyze-image", 1, ReprocessingState.Running, 4), ("inspect-image", 2, ReprocessingState.Done, 9)]);

    private async Task<SubscriptionStatus> StatusAsync(string name) => (await Topic.GetStatusAsync(None)).Single(one => one.Name == name);

    private Task IdleAsync(string name) => Eventually.TrueAsync(async () => await StatusAsync(name) is { Active: 0, InFlight: 0, Scheduled: 0 });

    private async Task<ReceivedImage> UploadAsync(byte[] file, string name)
    {
        var receive = new ReceiveImage(_store.Get<IImageCatalog>(), _store.Get<IBlobStore>(), _store.Get<IScrubFindingStore>(), _store.Clock);
        var staged = await receive.StageAsync(new MemoryStream(file), name, 1 << 20, None);
        return (await receive.CommitAsync([staged], new Uploader("tester"), None))[0];
    }
}
