using System.Security.Cryptography;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Stores;
using ImageAspire.Embedded.Blobs;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Core;

public sealed class ReceiveImageTests
{
    [Fact]
    public async Task Commit_NewFile_StoresBytesRecordAndEvent()
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 1, padTo: 300_000);

        var received = await host.UploadAsync(file, "../beach.png");

        received.Duplicate.ShouldBeFalse();
        var record = await host.Catalog.GetAsync(received.Record.Id, CancellationToken.None);
        record.ShouldNotBeNull();
        record.Name.ShouldBe("beach.png");
        record.ContentType.ShouldBe("image/jpeg"); // by its bytes, not by its name
        record.Bytes.ShouldBe(file.Length);
        record.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(file)));
        record.UploadedBy.ShouldBe("tester");
        (await host.ReadAsync(record.BlobName)).ShouldBe(file);
        host.Events.ShouldHaveSingleItem().Type.ShouldBe(ImageEventTypes.Received);
        host.StagedFiles().ShouldBe(0);
    }

    [Fact]
    public async Task Stage_BytesThatComeNowFastNowSlowly_AreAllThereAndCounted()
    {
        await using var host = new StageHost();
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var file = TestImages.Jpeg(seed: 5, padTo: 900_000);
        var receive = new ReceiveImage(host.Catalog, host.Blobs, clock);

        var staged = await receive.StageAsync(new UnevenStream(file, clock), "a.jpg", 50 << 20, CancellationToken.None);
        var received = (await receive.CommitAsync([staged], new Uploader("tester"), CancellationToken.None))[0];

        staged.Bytes.ShouldBe(file.Length);
        staged.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(file)));
        (await host.ReadAsync(received.Record.BlobName)).ShouldBe(file);
    }

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
    public async Task Commit_SameBytesOfADamagedImageDuringABackup_IsToBeRetried()
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 8);
        var damaged = (await host.UploadAsync(file)).Record;
        var path = Directory.GetFiles(Path.Combine(host.Folder, "blobs"), $"*{damaged.Id}*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        await File.WriteAllBytesAsync(path, [.. file[..^1], (byte)(file[^1] ^ 1)]);
        await FailAsync(host, damaged, FailureCodes.ContentUnavailable);

        using (await DeletionLock.TryAcquireAsync(Path.Combine(host.Folder, "blobs"), TimeProvider.System, CancellationToken.None))
            await Should.ThrowAsync<RetryLaterException>(() => host.UploadAsync(file));
        (await host.Catalog.GetAsync(damaged.Id, CancellationToken.None))!.Status.ShouldBe(ImageStatus.Failed);

        (await host.UploadAsync(file)).Record.Status.ShouldBe(ImageStatus.Received);
        (await host.ReadAsync(damaged.BlobName)).ShouldBe(file);
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

    public static TheoryData<byte[], UploadRefusal> Refused() => new()
    {
        { [], UploadRefusal.Empty },
        { "just text"u8.ToArray(), UploadRefusal.UnsupportedFormat },
        { "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), UploadRefusal.UnsupportedFormat },
        { TestImages.Jpeg(seed: 5, padTo: 1_000_001), UploadRefusal.TooLarge },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Stage_BadInput_IsRefusedAndLeavesNothing(byte[] file, UploadRefusal reason)
    {
        await using var host = new StageHost();

        var refused = await Should.ThrowAsync<UploadRefusedException>(
            () => host.Receive.StageAsync(new MemoryStream(file), "a.jpg", 1_000_000, CancellationToken.None));

        refused.Reason.ShouldBe(reason);
        host.StagedFiles().ShouldBe(0);
    }

    [Fact]
    public async Task Stage_EndlessStream_IsReadNoFurtherThanTheLimitAndOneBuffer()
    {
        await using var host = new StageHost();
        var endless = new EndlessJpeg();

        await Should.ThrowAsync<UploadRefusedException>(() => host.Receive.StageAsync(endless, "a.jpg", 1_000_000, CancellationToken.None));

        endless.Read.ShouldBeLessThan(1_000_000 + 300_000);
    }

    [Fact]
    public async Task Stage_ClientLeaves_LeavesNothing()
    {
        await using var host = new StageHost();
        using var leaving = new CancellationTokenSource();
        var endless = new EndlessJpeg(atByte: 500_000, leaving.Cancel);

        await Should.ThrowAsync<OperationCanceledException>(() => host.Receive.StageAsync(endless, "a.jpg", 10_000_000, leaving.Token));

        host.StagedFiles().ShouldBe(0);
        host.Events.ShouldBeEmpty();
    }

    private static Task<Transition?> FailAsync(StageHost host, ImageRecord record, string code) => host.Catalog.TransitionAsync(record.Id,
        one => ImageLifecycle.Fail(one, Samples.Why with { Code = code }, Samples.Traced), CancellationToken.None);

    private static Task<StagedImage> StageAsync(StageHost host, byte[] file) =>
        host.Receive.StageAsync(new MemoryStream(file), "a", 1_000_000, CancellationToken.None);

    private sealed class EndlessJpeg(long atByte = long.MaxValue, Action? then = null) : MemoryStream
    {
        public new long Read { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Read >= atByte)
                then?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            buffer.Span.Clear();
            if (Read == 0)
                TestImages.Jpeg().AsSpan(0, 100).CopyTo(buffer.Span);
            Read += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }

    // Time passes while it is read: nothing for a while, then seconds, and again.
    private sealed class UnevenStream(byte[] bytes, FakeTimeProvider clock) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position / 100_000 % 2 == 1)
                clock.Advance(TimeSpan.FromSeconds(1));
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, 7_001)], cancellationToken);
        }
    }
}
