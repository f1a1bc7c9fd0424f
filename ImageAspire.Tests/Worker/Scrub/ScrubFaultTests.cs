using ImageAspire.Core.Images;
using ImageAspire.Worker;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Worker.Scrub;

/// <summary>A disk that fails at one place, once, or as a whole.</summary>
public sealed class ScrubFaultTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempFolder _folder = new();
    private readonly SkippingClock _clock = new();
    private readonly ScrubHost _host;
    private FaultyBlobs _blobs = null!;

    public ScrubFaultTests() => _host = new ScrubHost(_folder, _clock, blobs => _blobs = new FaultyBlobs(blobs));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pass_OneReadOfTwoIsWrong_IsAWarningAndNoFinding()
    {
        var record = await _host.UploadAsync(TestImages.Jpeg(seed: 6));
        var sound = await File.ReadAllBytesAsync(_host.PathOf(record));
        Later();
        _blobs.Around = stream =>
        {
            _blobs.Around = real => real;
            stream.Dispose();
            return new MemoryStream([.. sound[..^1], (byte)(sound[^1] ^ 1)]);
        };

        await _host.RunAsync();

        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(0);
        _host.Log.Of("LogOnce").ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Warning);
    }

    [Fact]
    public async Task Pass_OneBlobCannotBeRead_IsAFindingAndThePassGoesOn()
    {
        var bad = await _host.UploadAsync(TestImages.Jpeg(seed: 7));
        await _host.UploadAsync(TestImages.Jpeg(seed: 8));
        Later();
        _blobs.BeforeOpen = name => name == bad.BlobName ? throw new IOException("Input/output error", 5) : Task.CompletedTask;

        await _host.RunAsync();

        var finding = (await _host.Findings.ListAsync(10, None)).Items.ShouldHaveSingleItem();
        (finding.ImageId, finding.Damage).ShouldBe((bad.Id, OriginalDamage.Unreadable));
        (await _host.ProgressAsync())!.Images.ShouldBe(2);
    }

    [Fact]
    public async Task Pass_StoreIsAway_IsNoFindingAndTheSameImageIsNext()
    {
        var record = await _host.UploadAsync(TestImages.Jpeg(seed: 9));
        Later();
        _blobs.IsAway = true;
        await Should.ThrowAsync<IOException>(_host.StepAsync);
        _blobs.IsAway = false;

        // A disk that is not mounted: every file is missing.
        var (blobs, away) = (Path.Combine(_folder.Root, "blobs"), Path.Combine(_folder.Root, "away"));
        Directory.Move(blobs, away);
        Directory.CreateDirectory(blobs);
        await Should.ThrowAsync<IOException>(_host.StepAsync);
        Directory.Delete(blobs);
        Directory.Move(away, blobs);
        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(0);

        await _host.RunAsync();

        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(0);
        (await _host.ProgressAsync())!.Images.ShouldBe(1);
        _blobs.Opened.ShouldAllBe(name => name == record.BlobName);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4_096, true)]
    [InlineData(4_095, false)]
    [InlineData(-1, false)]
    public void Options_Rate_IsZeroOrEnoughToReadABlock(long rate, bool valid)
    {
        var result = new WorkerOptions.Validator().Validate(null, new WorkerOptions { ScrubBytesPerSecond = rate });
        result.Succeeded.ShouldBe(valid);
        if (!valid)
            result.FailureMessage!.ShouldContain("Worker:ScrubBytesPerSecond");
    }

    // A pass reads what was uploaded before it began.
    private void Later() => _clock.Advance(TimeSpan.FromSeconds(1));
}
