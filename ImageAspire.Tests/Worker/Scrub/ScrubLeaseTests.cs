using ImageAspire.Worker.Scrub;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Worker.Scrub;

/// <summary>One of many Workers, its pace, and where the next one goes on.</summary>
public sealed class ScrubLeaseTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Acquire_TwoWorkers_OneHasItUntilItDies()
    {
        var clock = new FakeTimeProvider(Samples.Noon);
        await using var one = new ScrubHost(_folder, clock);
        await using var other = new ScrubHost(_folder, clock);
        (await one.Lease.TryAcquireAsync(None)).ShouldBeTrue();
        (await other.Lease.TryAcquireAsync(None)).ShouldBeFalse();

        clock.Advance(TimeSpan.FromSeconds(90)); // renewed meanwhile
        (await one.Lease.TryAcquireAsync(None)).ShouldBeTrue();
        clock.Advance(TimeSpan.FromSeconds(90));
        (await other.Lease.TryAcquireAsync(None)).ShouldBeFalse();

        clock.Advance(TimeSpan.FromSeconds(31)); // not renewed any more
        (await other.Lease.TryAcquireAsync(None)).ShouldBeTrue();
        (await one.Lease.TryAcquireAsync(None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Acquire_ClockWasSetBack_DoesNotWaitForTheOldTime()
    {
        var clock = new FakeTimeProvider(Samples.Noon);
        await using (var ahead = new ScrubHost(_folder, new FakeTimeProvider(Samples.Noon.AddYears(1))))
            (await ahead.Lease.TryAcquireAsync(None)).ShouldBeTrue();
        await using var host = new ScrubHost(_folder, clock);

        (await host.Lease.TryAcquireAsync(None)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)] // the process ended in order
    [InlineData(false)] // it died: the others wait until its lease has run out
    public async Task Restart_InTheMiddleOfAPass_GoesOnThere(bool inOrder)
    {
        var clock = new SkippingClock();
        FaultyBlobs read = null!;
        await using var next = new ScrubHost(_folder, clock, blobs => read = new FaultyBlobs(blobs));
        var images = new List<string>();
        for (var seed = 1; seed <= 5; seed++)
        {
            images.Add((await next.UploadAsync(TestImages.Jpeg(seed: seed))).BlobName);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await using (var first = new ScrubHost(_folder, clock))
        {
            await first.StepAsync();
            await first.StepAsync();
            if (inOrder)
            {
                await first.Lease.ReleaseAsync(None);
            }
            else
            {
                await first.Lease.SaveAsync(None); // as after half a minute
                (await next.Lease.TryAcquireAsync(None)).ShouldBeFalse();
                clock.Advance(ScrubLease.Duration);
            }
        }

        await next.RunAsync();

        read.Opened.ShouldBe(images[2..]);
        var progress = (await next.ProgressAsync())!;
        (progress.Pass, progress.Images, progress.Complete).ShouldBe((1, 5, true));
    }

    [Fact]
    public async Task Pace_SeveralImages_TakeAsLongAsTheRateSays()
    {
        var clock = new SkippingClock();
        await using var host = new ScrubHost(_folder, clock, configure: options => options.ScrubBytesPerSecond = 10_000);
        var bytes = 0L;
        for (var seed = 1; seed <= 3; seed++)
            bytes += (await host.UploadAsync(TestImages.Jpeg(400, 300, seed))).Bytes;
        clock.Advance(TimeSpan.FromSeconds(1));
        var began = clock.GetUtcNow();

        await host.RunAsync();

        (clock.GetUtcNow() - began).TotalSeconds.ShouldBe((bytes + 3 * 4096) / 10_000.0, tolerance: 0.2);
    }

    [Fact]
    public async Task Service_StoppedWhileItWaits_EndsAndGivesTheLeaseBack()
    {
        var clock = new FakeTimeProvider(Samples.Noon);
        await using var host = new ScrubHost(_folder, clock, configure: options => options.ScrubBytesPerSecond = 4_096);
        await host.UploadAsync(TestImages.Jpeg(400, 300, 4));
        clock.Advance(TimeSpan.FromSeconds(1));
        await host.Service.StartAsync(None);
        await Eventually.TrueAsync(async () => (await host.ProgressAsync())?.LeaseUntil is not null);

        await host.Service.StopAsync(None);

        (await host.ProgressAsync())!.LeaseUntil.ShouldBeNull();
        host.Log.Warnings().ShouldBeEmpty();
    }

    [Fact]
    public async Task Service_StoreIsAwayForAWhile_SaysSoAndGoesOn()
    {
        var clock = new FakeTimeProvider(Samples.Noon);
        FaultyBlobs blobs = null!;
        await using var host = new ScrubHost(_folder, clock, real => blobs = new FaultyBlobs(real), options => options.ScrubBytesPerSecond = 1 << 30);
        await host.UploadAsync(TestImages.Jpeg(seed: 5));
        blobs.IsAway = true;
        clock.Advance(TimeSpan.FromSeconds(1));
        await host.Service.StartAsync(None);
        await AdvanceUntilAsync(clock, () => host.Log.HasEvent("LogInterrupted"));
        host.Log.Of("LogInterrupted")[0].Level.ShouldBe(LogLevel.Debug); // the health check of the store is the warning

        blobs.IsAway = false;
        await AdvanceUntilAsync(clock, () => host.Log.HasEvent("LogComplete"));

        (await host.Findings.ListAsync(10, None)).Total.ShouldBe(0);
        await host.Service.StopAsync(None);
    }

    [Fact]
    public async Task Service_RateIsZero_DoesNothing()
    {
        await using var host = new ScrubHost(_folder, new FakeTimeProvider(Samples.Noon), configure: options => options.ScrubBytesPerSecond = 0);
        await host.Service.StartAsync(None);
        await host.Service.ExecuteTask!;
        host.Log.HasEvent("LogOff").ShouldBeTrue();
        (await host.ProgressAsync()).ShouldBeNull();
    }

    private static Task AdvanceUntilAsync(FakeTimeProvider clock, Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });
}
