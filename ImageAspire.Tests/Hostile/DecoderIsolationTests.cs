using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation;
using ImageAspire.Tests.Imaging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Hostile;

/// <summary>Decoders that really die, hang, eat memory and lie in mid-decode.</summary>
[Trait("Category", "Slow")]
public sealed class DecoderIsolationTests
{
    private static readonly byte[] Good = TestImages.Png(32, 24);
    private static readonly byte[] Bad = TestImages.Png(MisbehavingDecoder.Width, 24);

    [Theory]
    [InlineData("segv", "ExitCode", "139")]
    [InlineData("abort", "ExitCode", "134")]
    [InlineData("kill", "ExitCode", "137")]
    [InlineData("exit", "ExitCode", "0")]
    [InlineData("chatter", "Errors", "the last words")]
    [InlineData("garbage", "Reason", "nonsense")]
    [InlineData("endless frame", "Reason", "nonsense")]
    [InlineData("wish outside", "Reason", "nonsense")]
    [InlineData("wrong answer", "Reason", "nonsense")]
    public async Task Decode_DecoderDies_FailsThisImageAloneWithTheReason(string how, string key, string value)
    {
        var log = new FakeLogger();
        using var decoders = new Decoders(TestProgram.Misbehaving(how), log: log);

        var error = await Should.ThrowAsync<UnusableImageException>(() => decoders.InspectAsync(Bad));

        error.Code.ShouldBe(FailureCodes.DecoderCrashed);
        log.Collector.Warnings().Count.ShouldBe(2); // once more in a fresh one, then no more
        log.Collector.Warnings().ShouldAllBe(record => record.GetStructuredStateValue(key)!.Contains(value) && !record.Message.Any(char.IsControl) && record.Message.Length < 3000);
        (await decoders.InspectAsync(Good)).Decoded.ShouldNotBeNull();
    }

    [Fact]
    public async Task Decode_DecoderHangs_IsEndedByTheTimeLimit()
    {
        var (time, log) = (new FakeTimeProvider(), new FakeLogger());
        using var decoders = new Decoders(TestProgram.Misbehaving("hang"), new ImagingOptions { Decoders = 1 }, time, log);
        using var content = new CountingStream(Bad);
        await decoders.InspectAsync(Good);
        var first = decoders.OnlyIdle;

        var rendering = decoders.Decoder.InspectAsync(content, ImageFormat.Png, default);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await Eventually.TrueAsync(() => content.Reads >= attempt); // it is being decoded: one read is enough for so small a file
            time.Advance(TimeSpan.FromSeconds(61));
            await Eventually.TrueAsync(() => log.Collector.Warnings().Count == attempt);
        }

        var error = await Should.ThrowAsync<UnusableImageException>(() => rendering);
        (error.Code, error.Message.Contains("60 seconds", StringComparison.Ordinal)).ShouldBe((FailureCodes.DecoderLimit, true));
        await Eventually.TrueAsync(() => !Processes.IsAlive(first));
    }

    [Fact]
    public async Task Decode_HeicOf12Megapixels_NeedsLessThan400MiB()
    {
        using var decoders = new Decoders(TestProgram.Decoder, new ImagingOptions { Decoders = 1, DecoderMemoryBytes = 400L << 20 });

        var (header, rendered) = await decoders.InspectAsync(HeifFiles.Grid(TestImages.Heic(), columns: 17, rows: 19));

        (header.Width * header.Height).ShouldBeGreaterThan(12_000_000);
        rendered.ShouldNotBeNull();
    }

    [Fact]
    public async Task Decode_DecoderAllocatesTooMuch_IsEndedByTheMemoryLimit()
    {
        using var decoders = new Decoders(TestProgram.Misbehaving("eat"), new ImagingOptions { Decoders = 1, DecoderMemoryBytes = 256L << 20 });

        var error = await Should.ThrowAsync<UnusableImageException>(() => decoders.InspectAsync(Bad));

        (error.Code, error.Message.Contains("256 MiB", StringComparison.Ordinal)).ShouldBe((FailureCodes.DecoderLimit, true));
        (await decoders.InspectAsync(Good)).Decoded.ShouldNotBeNull();
    }

    [Fact]
    public async Task Decode_WarmDecoderDies_IsRetriedInAFreshOne()
    {
        var log = new FakeLogger();
        using var decoders = new Decoders(TestProgram.Misbehaving("segv when worn"), new ImagingOptions { Decoders = 1 }, log: log);
        await decoders.InspectAsync(Good);
        var warm = decoders.OnlyIdle;

        (await decoders.InspectAsync(Bad)).Decoded.ShouldNotBeNull();

        log.Collector.Warnings().ShouldHaveSingleItem().GetStructuredStateValue("Attempt").ShouldBe("1");
        decoders.OnlyIdle.ShouldNotBe(warm);
    }

    [Fact]
    public async Task Decode_OneOfManyDies_OthersSucceed()
    {
        using var decoders = new Decoders(TestProgram.Misbehaving("segv"), new ImagingOptions { Decoders = 3 });

        var all = Enumerable.Range(0, 40).Select(i => decoders.InspectAsync(i % 8 == 3 ? Bad : TestImages.Png(100 + i, 24))).ToList();

        for (var i = 0; i < all.Count; i++)
        {
            if (i % 8 == 3)
                (await Should.ThrowAsync<UnusableImageException>(() => all[i])).Code.ShouldBe(FailureCodes.DecoderCrashed);
            else
                (await all[i]).Header.Width.ShouldBe(100 + i);
        }
    }

    [Fact]
    public async Task Decode_IdleDecoderWasKilled_UsesAnother()
    {
        var log = new FakeLogger();
        using var decoders = new Decoders(TestProgram.Decoder, new ImagingOptions { Decoders = 1 }, log: log);
        await decoders.InspectAsync(Good);
        var first = decoders.OnlyIdle;

        Processes.Kill(first);
        await Eventually.TrueAsync(() => !Processes.IsAlive(first));

        (await decoders.InspectAsync(Good)).Decoded.ShouldNotBeNull();
        decoders.OnlyIdle.ShouldNotBe(first);
    }

    [Fact]
    public async Task Decode_Cancelled_EndsTheDecoderWithoutBlamingTheImage()
    {
        using var decoders = new Decoders(TestProgram.Misbehaving("hang"), new ImagingOptions { Decoders = 1 });
        using var content = new MemoryStream(Bad);
        await decoders.InspectAsync(Good);
        var process = decoders.OnlyIdle;
        using var end = new CancellationTokenSource();

        var rendering = decoders.Decoder.InspectAsync(content, ImageFormat.Png, end.Token);
        await Eventually.TrueAsync(() => content.Position > 0); // it reads
        await end.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => rendering);
        await Eventually.TrueAsync(() => !Processes.IsAlive(process));
        (await decoders.InspectAsync(Good)).Decoded.ShouldNotBeNull();
    }

    [Fact]
    public async Task Rent_NoDecoderCanBeStarted_WaitsAndBlamesNoImage()
    {
        foreach (var command in new[] { new DecoderCommand("no-such-program-here", []), new DecoderCommand("/bin/false", []), new DecoderCommand("/bin/echo", ["Hello"]) })
        {
            using var decoders = new Decoders(command);

            await Should.ThrowAsync<RetryLaterException>(() => decoders.InspectAsync(Good));
            await Should.ThrowAsync<RetryLaterException>(() => decoders.InspectAsync(Good)); // its place in the pool was given back
            await Should.ThrowAsync<RetryLaterException>(() => decoders.InspectAsync(Good));
        }
    }

    private sealed class CountingStream(byte[] file) : MemoryStream(file)
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public override int Read(Span<byte> buffer)
        {
            Interlocked.Increment(ref _reads);
            return base.Read(buffer);
        }
    }
}
