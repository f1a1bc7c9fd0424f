using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Tests.Core;

/// <summary>Bytes that the service has already, or had and lost.</summary>
public sealed class ReceiveDuplicateTests
{
    [Fact]
    public async Task Commit_SameBytesAgain_IsTheExistingRecordAndOneBlob()
    {
        await using var host = new StageHost();
        var first = await host.UploadAsync(TestImages.Jpeg(seed: 2));

        var second = await host.UploadAsync(TestImages.Jpeg(seed: 2), "other name.jpg");

        second.Duplicate.ShouldBeTrue();
        second.Record.Id.ShouldBe(first.Record.Id);
        second.Record.Name.ShouldBe("a.jpg");
        (await host.BlobsInAsync(BlobNames.Originals)).Count.ShouldBe(1);
        host.Events.Count.ShouldBe(1);
        host.StagedFiles().ShouldBe(0);
    }

    [Fact]
    public async Task Commit_SameBytesTwiceInOneRequest_IsOneImage()
    {
        await using var host = new StageHost();
        StagedImage[] files =
        [
            await StageAsync(host, TestImages.Png(seed: 3)), await StageAsync(host, TestImages.Gif(seed: 3)), await StageAsync(host, TestImages.Png(seed: 3)),
        ];

        var answers = await host.Receive.CommitAsync(files, new Uploader("tester"), CancellationToken.None);

        answers.Select(answer => answer.Duplicate).ShouldBe([false, false, true]);
        answers[2].Record.Id.ShouldBe(answers[0].Record.Id);
        (await host.BlobsInAsync(BlobNames.Originals)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Commit_SameBytesFromManyAtOnce_IsOneImageOneBlobOneEvent()
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 4);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => host.UploadAsync(file))));

        answers.Count(answer => !answer.Duplicate).ShouldBe(1);
        answers.Select(answer => answer.Record.Id).Distinct().ShouldHaveSingleItem();
        (await host.BlobsInAsync(BlobNames.Originals)).ShouldBe([answers[0].Record.BlobName]);
        host.Events.Count.ShouldBe(1);
        host.StagedFiles().ShouldBe(0);
    }

    [Fact]
    public async Task Commit_SameBytesOfAnImageWhoseBytesAreLost_GivesThemBackAndSendsItOnItsWay()
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 6);
        var lost = (await host.UploadAsync(file)).Record;
        await host.Blobs.DeleteAsync(lost.BlobName, CancellationToken.None);
        await FailAsync(host, lost, FailureCodes.ContentUnavailable);

        var again = await host.UploadAsync(file, "other name.jpg");

        again.Duplicate.ShouldBeTrue();
        again.Record.ShouldBeEquivalentTo(await host.Catalog.GetAsync(lost.Id, CancellationToken.None));
        (again.Record.Status, again.Record.Name, again.Record.Version).ShouldBe((ImageStatus.Received, "a.jpg", 3L));
        again.Record.Failure.ShouldBeNull();
        (await host.ReadAsync(lost.BlobName)).ShouldBe(file);
        (await host.BlobsInAsync(BlobNames.Originals)).ShouldBe([lost.BlobName]);
        host.Events.Select(e => e.Type).ShouldBe([ImageEventTypes.Received, ImageEventTypes.Failed, ImageEventTypes.Received]);
        host.Events[^1].Data.Actor.ShouldBe("tester");
        host.StagedFiles().ShouldBe(0);
    }

    [Fact]
    public async Task Commit_SameBytesOfALostImageFromManyAtOnce_SendsItOnItsWayOnce()
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 7);
        var lost = (await host.UploadAsync(file)).Record;
        await host.Blobs.DeleteAsync(lost.BlobName, CancellationToken.None);
        await FailAsync(host, lost, FailureCodes.ContentUnavailable);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => host.UploadAsync(file))));

        answers.ShouldAllBe(answer => answer.Duplicate && answer.Record.Id == lost.Id && answer.Record.Status == ImageStatus.Received);
        host.Events.Count.ShouldBe(3);
        (await host.ReadAsync(lost.BlobName)).ShouldBe(file);
        host.StagedFiles().ShouldBe(0);
    }

    [Fact]
    public async Task Commit_SameBytesOfAnImageThatFailedForAnotherReason_LeavesItAsItIs()
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 8);
        var failed = (await host.UploadAsync(file)).Record;
        await FailAsync(host, failed, FailureCodes.AnalyzerRefused);

        var again = await host.UploadAsync(file);

        (again.Duplicate, again.Record.Status, again.Record.Version).ShouldBe((true, ImageStatus.Failed, 2L));
        host.Events.Count.ShouldBe(2);
    }

    private static Task<Transition?> FailAsync(StageHost host, ImageRecord record, string code) => host.Catalog.TransitionAsync(record.Id,
        one => ImageLifecycle.Fail(one, Samples.Why with { Code = code }, Samples.Traced), CancellationToken.None);

    private static Task<StagedImage> StageAsync(StageHost host, byte[] file) =>
        host.Receive.StageAsync(new MemoryStream(file), "a", 1_000_000, CancellationToken.None);
}
