using System.Security.Cryptography;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
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
        var receive = new ReceiveImage(host.Catalog, host.Blobs, host.Findings, clock);

        var staged = await receive.StageAsync(new UnevenStream(file, clock), "a.jpg", 50 << 20, CancellationToken.None);
        var received = (await receive.CommitAsync([staged], new Uploader("tester"), CancellationToken.None))[0];

        staged.Bytes.ShouldBe(file.Length);
        staged.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(file)));
        (await host.ReadAsync(received.Record.BlobName)).ShouldBe(file);
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
