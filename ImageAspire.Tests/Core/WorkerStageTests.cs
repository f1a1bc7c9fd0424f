using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Tests.Core;

public sealed class WorkerStageTests
{
    [Fact]
    public async Task Inspect_GoodImage_StoresThumbnailsAndMovesTheRecordOnce()
    {
        await using var host = new StageHost();
        var received = (await host.UploadAsync(TestImages.Jpeg(seed: 1))).Record;
        var stage = new InspectImage(host.Catalog, host.Blobs, new StubDecoder(), TimeProvider.System);

        await stage.ExecuteAsync(host.Events[0], CancellationToken.None);
        await stage.ExecuteAsync(host.Events[0], CancellationToken.None); // a message may come twice

        var record = (await host.Catalog.GetAsync(received.Id, CancellationToken.None))!;
        record.Status.ShouldBe(ImageStatus.Inspected);
        (record.Width, record.Height).ShouldBe((64, 48));
        record.Thumbnails.ShouldHaveSingleItem().Size.ShouldBe(256);
        (await host.ReadAsync(BlobNames.Thumbnail(record.Sha256, record.Id, 256, "image/webp"))).ShouldBe([1, 2, 3]);
        host.Events.Select(e => e.Type).ShouldBe([ImageEventTypes.Received, ImageEventTypes.Inspected]);
    }

    [Fact]
    public async Task Inspect_BadImage_IsRejectedAtOnceWithTheReason()
    {
        await using var host = new StageHost();
        var received = (await host.UploadAsync(TestImages.TruncatedJpeg())).Record;
        var decoder = new StubDecoder { Error = new UnusableImageException(FailureCodes.Truncated, "The file ends early.") };

        await new InspectImage(host.Catalog, host.Blobs, decoder, TimeProvider.System).ExecuteAsync(host.Events[0], CancellationToken.None);

        var record = (await host.Catalog.GetAsync(received.Id, CancellationToken.None))!;
        record.Status.ShouldBe(ImageStatus.Rejected);
        record.Failure!.Code.ShouldBe(FailureCodes.Truncated);
        record.Failure.Stage.ShouldBe("InspectImage");
        host.Events[^1].Type.ShouldBe(ImageEventTypes.Rejected);
        host.Events[^1].Data.Failure!.Code.ShouldBe(FailureCodes.Truncated);
    }

    [Fact]
    public async Task Inspect_DeletedMeanwhile_LeavesNoThumbnails()
    {
        await using var host = new StageHost();
        var received = (await host.UploadAsync(TestImages.Jpeg(seed: 2))).Record;
        var decoder = new StubDecoder
        {
            Meanwhile = async () =>
                await host.Catalog.CommitAsync([ImageLifecycle.Purge(received, Cause.Now("tester", TimeProvider.System))], CancellationToken.None),
        };

        await new InspectImage(host.Catalog, host.Blobs, decoder, TimeProvider.System).ExecuteAsync(host.Events[0], CancellationToken.None);

        (await host.Catalog.GetAsync(received.Id, CancellationToken.None)).ShouldBeNull();
        (await host.BlobsInAsync(BlobNames.Thumbnails)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Inspect_InTheTrash_IsLeftAloneUntilItIsRestored()
    {
        await using var host = new StageHost();
        var received = (await host.UploadAsync(TestImages.Jpeg(seed: 2))).Record;
        var stage = new InspectImage(host.Catalog, host.Blobs, new StubDecoder(), TimeProvider.System);
        await host.Catalog.TransitionAsync(received.Id, record => ImageLifecycle.Trash(record, TimeSpan.FromDays(30), Samples.Someone), CancellationToken.None);
        await stage.ExecuteAsync(host.Events[0], CancellationToken.None);
        (await host.Catalog.GetWithTrashAsync(received.Id, CancellationToken.None))!.Status.ShouldBe(ImageStatus.Received);

        await host.Catalog.TransitionWithTrashAsync(received.Id, record => ImageLifecycle.Restore(record, Samples.Someone), CancellationToken.None);
        await stage.ExecuteAsync(host.Events.Last(e => e.Type == ImageEventTypes.Received), CancellationToken.None);

        (await host.Catalog.GetAsync(received.Id, CancellationToken.None))!.Status.ShouldBe(ImageStatus.Inspected);
    }

    [Fact]
    public async Task Inspect_AgainAndMovedToTheTrashMeanwhile_KeepsTheThumbnailsOfTheRecord()
    {
        await using var host = new StageHost();
        var received = (await host.UploadAsync(TestImages.Jpeg(seed: 2))).Record;
        await new InspectImage(host.Catalog, host.Blobs, new StubDecoder(), TimeProvider.System).ExecuteAsync(host.Events[0], CancellationToken.None);
        var thumbnails = await host.BlobsInAsync(BlobNames.Thumbnails);
        thumbnails.ShouldNotBeEmpty();
        await host.Catalog.TransitionAsync(received.Id, record => ImageLifecycle.InspectAgain(record, Samples.Someone), CancellationToken.None);
        var decoder = new StubDecoder
        {
            Meanwhile = async () =>
                await host.Catalog.TransitionAsync(received.Id, record => ImageLifecycle.Trash(record, TimeSpan.FromDays(30), Samples.Someone), CancellationToken.None),
        };

        await new InspectImage(host.Catalog, host.Blobs, decoder, TimeProvider.System).ExecuteAsync(host.Events[^1], CancellationToken.None);

        (await host.BlobsInAsync(BlobNames.Thumbnails)).ShouldBe(thumbnails);
    }

    [Fact]
    public async Task Inspect_EditedMeanwhile_KeepsTheEdit()
    {
        await using var host = new StageHost();
        var received = (await host.UploadAsync(TestImages.Jpeg(seed: 3))).Record;
        var decoder = new StubDecoder
        {
            Meanwhile = async () => await host.Catalog.TransitionAsync(received.Id,
                record => ImageLifecycle.Edit(record, "new name", null, null, Cause.Now("tester", TimeProvider.System)), CancellationToken.None),
        };

        await new InspectImage(host.Catalog, host.Blobs, decoder, TimeProvider.System).ExecuteAsync(host.Events[0], CancellationToken.None);

        var record = (await host.Catalog.GetAsync(received.Id, CancellationToken.None))!;
        (record.Name, record.Status, record.Version).ShouldBe(("new name", ImageStatus.Inspected, 3L));
    }

    [Fact]
    public async Task Inspect_BytesMissing_IsAPermanentFailure()
    {
        await using var host = new StageHost();
        var received = (await host.UploadAsync(TestImages.Jpeg(seed: 4))).Record;
        await host.Blobs.DeleteAsync(received.BlobName, CancellationToken.None);

        var error = await Should.ThrowAsync<PermanentFailureException>(() =>
            new InspectImage(host.Catalog, host.Blobs, new StubDecoder(), TimeProvider.System).ExecuteAsync(host.Events[0], CancellationToken.None));

        error.Code.ShouldBe(FailureCodes.ContentUnavailable);
    }

    [Fact]
    public async Task Analyze_Inspected_WritesWhatWasSeen()
    {
        await using var host = new StageHost();
        var e = await InspectedAsync(host);
        var stage = new AnalyzeImage(host.Catalog, host.Blobs, new Analyzer(), new VectorMaker(new FakeVectorizer(), host.Blobs), TimeProvider.System);

        await stage.ExecuteAsync(e, CancellationToken.None);
        await stage.ExecuteAsync(e, CancellationToken.None);

        var record = (await host.Catalog.GetAsync(e.ImageId, CancellationToken.None))!;
        record.Status.ShouldBe(ImageStatus.Analyzed);
        record.Analysis!.Caption.ShouldBe("A landscape.");
        host.Events.Count(one => one.Type == ImageEventTypes.Analyzed).ShouldBe(1);
        host.Events[^1].Data.Tags.ShouldBe(["landscape"]);
    }

    [Fact]
    public async Task Analyze_AnalyserDown_WaitsAsLongAsItWasAsked()
    {
        await using var host = new StageHost();
        var e = await InspectedAsync(host);
        var analyzer = new Analyzer { Error = new AnalyzerUnavailableException("Throttled.", TimeSpan.FromSeconds(7)) };

        var error = await Should.ThrowAsync<RetryLaterException>(() =>
            new AnalyzeImage(host.Catalog, host.Blobs, analyzer, new VectorMaker(new FakeVectorizer(), host.Blobs), TimeProvider.System).ExecuteAsync(e, CancellationToken.None));

        error.Delay.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task GiveUp_AnalysisRefused_FailsTheRecordOnce()
    {
        await using var host = new StageHost();
        var e = await InspectedAsync(host);
        var stage = new AnalyzeImage(host.Catalog, host.Blobs, new Analyzer { Error = new AnalyzerRefusedException("InvalidImageSize", "Too small.") }, new VectorMaker(new FakeVectorizer(), host.Blobs), TimeProvider.System);
        var error = await Should.ThrowAsync<PermanentFailureException>(() => stage.ExecuteAsync(e, CancellationToken.None));
        var why = new ImageFailure(nameof(AnalyzeImage), error.Code, error.Message, 1, DateTimeOffset.UnixEpoch);

        await stage.FailAsync(e, why, CancellationToken.None);
        await stage.FailAsync(e, why, CancellationToken.None);

        var record = (await host.Catalog.GetAsync(e.ImageId, CancellationToken.None))!;
        record.Status.ShouldBe(ImageStatus.Failed);
        record.Failure.ShouldBe(why);
        host.Events.Count(one => one.Type == ImageEventTypes.Failed).ShouldBe(1);
    }

    private static async Task<ImageEvent> InspectedAsync(StageHost host)
    {
        await host.UploadAsync(TestImages.Jpeg(seed: 9));
        await new InspectImage(host.Catalog, host.Blobs, new StubDecoder(), TimeProvider.System).ExecuteAsync(host.Events[0], CancellationToken.None);
        return host.Events[^1];
    }

    private sealed class StubDecoder : IImageDecoder
    {
        public UnusableImageException? Error { get; init; }

        public Func<Task>? Meanwhile { get; init; }

        public bool CanDecode => true;

        public async Task<InspectedImage> InspectAsync(Stream content, ImageFormat format, CancellationToken cancellationToken)
        {
            if (Error is not null)
                throw Error;
            if (Meanwhile is not null)
                await Meanwhile();
            return new InspectedImage(new ImageHeader { Format = format, Width = 64, Height = 48 }, new DecodedImage([new DecodedThumbnail(new ThumbnailInfo(256, 64, 48, "image/webp", 3), new byte[] { 1, 2, 3 })],
                new ImageColors(["#ff0000"], "#ff0000", 0.5, 0.2, 0.3, false), "data:image/webp;base64,AAAA", "0123456789abcdef"));
        }
    }

    private sealed class Analyzer : IImageAnalyzer
    {
        public Exception? Error { get; init; }

        public Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken) =>
            Error is null ? Task.FromResult(Samples.Analysis) : Task.FromException<ImageAnalysis>(Error);
    }
}
