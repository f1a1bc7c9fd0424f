using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Stores;

namespace ImageAspire.Tests.Worker.Scrub;

/// <summary>A finding ends when the original is right again, or the image is deleted.</summary>
public sealed class ScrubRegisterTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempFolder _folder = new();
    private readonly SkippingClock _clock = new();
    private readonly ScrubHost _host;

    public ScrubRegisterTests() => _host = new ScrubHost(_folder, _clock);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task LookAgain_FileWasCopiedBack_RemovesTheFindingAndSaysSo()
    {
        var file = TestImages.Jpeg(seed: 1);
        var path = await FoundAsync(file);
        await File.WriteAllBytesAsync(path, file);

        await AfterFiveMinutesAsync();

        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(0);
        _host.Log.Of("LogRestored").Count.ShouldBe(1);
    }

    [Fact]
    public async Task LookAgain_StillDamaged_IsSeenAgainWithItsNewName()
    {
        await FoundAsync(TestImages.Jpeg(seed: 2));
        var before = (await _host.Findings.ListAsync(1, None)).Items[0];
        await _host.Catalog.TransitionAsync(before.ImageId, one => ImageLifecycle.Edit(one, "renamed.jpg", null, null, Samples.Someone), None);

        await AfterFiveMinutesAsync();

        var after = (await _host.Findings.ListAsync(1, None)).Items[0];
        (after.Name, after.FoundAt).ShouldBe(("renamed.jpg", before.FoundAt));
        after.SeenAt.ShouldBeGreaterThanOrEqualTo(before.SeenAt.AddMinutes(5));
        _host.Log.Of("LogRestored").ShouldBeEmpty();
        _host.Log.Of("LogDamaged").Count.ShouldBe(1);
    }

    [Fact]
    public async Task LookAgain_ImageWasDeleted_RemovesTheFindingSilently()
    {
        await FoundAsync(TestImages.Jpeg(seed: 3));
        var finding = (await _host.Findings.ListAsync(1, None)).Items[0];
        await _host.Catalog.TransitionAsync(finding.ImageId, one => ImageLifecycle.Purge(one, Samples.Someone), None);

        await AfterFiveMinutesAsync();

        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(0);
        _host.Log.Of("LogRestored").ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_OfTheSameFile_IsNoticedAndSaidOnce()
    {
        var file = TestImages.Jpeg(seed: 4);
        await FoundAsync(file);

        await _host.UploadAsync(file);
        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(11));
        await _host.RunAsync();
        _clock.Advance(TimeSpan.FromSeconds(11));
        await _host.RunAsync();

        _host.Log.Of("LogRestored").Count.ShouldBe(1);
    }

    // Uploads a file, changes it on the disk, and lets the scrub find it.
    private async Task<string> FoundAsync(byte[] file)
    {
        var path = _host.PathOf(await _host.UploadAsync(file));
        ScrubHost.Flip(path);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _host.RunAsync();
        await _host.RunAsync(); // the register has the finding
        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(1);
        return path;
    }

    private async Task AfterFiveMinutesAsync()
    {
        _clock.Advance(TimeSpan.FromMinutes(5));
        await _host.RunAsync();
        _clock.Advance(TimeSpan.FromSeconds(11));
        await _host.RunAsync();
    }
}
