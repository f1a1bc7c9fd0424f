using System.Diagnostics.Metrics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Stores;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Worker.Scrub;

/// <summary>What the scrub finds, and what not.</summary>
public sealed class ScrubTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempFolder _folder = new();
    private readonly SkippingClock _clock = new();
    private readonly ScrubHost _host;
    private FaultyBlobs _blobs = null!;

    public ScrubTests() => _host = new ScrubHost(_folder, _clock, blobs => _blobs = new FaultyBlobs(blobs));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(OriginalDamage.WrongBytes)]
    [InlineData(OriginalDamage.WrongSize)]
    [InlineData(OriginalDamage.MissingBytes)]
    public async Task Pass_DamagedOriginal_IsAFindingAnErrorLineAndDegradedHealth(string damage)
    {
        await _host.UploadAsync(TestImages.Jpeg(seed: 1));
        var record = await _host.UploadAsync(TestImages.Jpeg(seed: 2), "harbour.jpg");
        (await _host.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        Damage(_host.PathOf(record), damage);
        Later();

        await _host.RunAsync();

        var finding = (await _host.Findings.ListAsync(10, None)).Items.ShouldHaveSingleItem();
        (finding.ImageId, finding.Name, finding.Sha256, finding.Damage).ShouldBe((record.Id, "harbour.jpg", record.Sha256, damage));
        var line = _host.Log.Of("LogDamaged").ShouldHaveSingleItem();
        line.Level.ShouldBe(LogLevel.Error);
        line.Message.ShouldContain(record.Id.ToString());
        var health = await _host.HealthAsync();
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description!.ShouldContain(record.Id.ToString());
        health.Description!.ShouldContain(damage);

        await NextPassAsync();
        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(1);
        _host.Log.Of("LogDamaged").Count.ShouldBe(1); // a finding is reported once
    }

    [Fact]
    public async Task Pass_SoundOriginals_ReadsAllOnceAndCountsThem()
    {
        var archived = await _host.UploadAsync(TestImages.Jpeg(seed: 3));
        await _host.Catalog.TransitionAsync(archived.Id, one => ImageLifecycle.Edit(one, null, null, archived: true, Samples.Someone), None);
        Later();
        var other = await _host.UploadAsync(TestImages.Png(seed: 3));
        Later();

        await _host.RunAsync();

        var progress = (await _host.ProgressAsync())!;
        (progress.Pass, progress.Complete, progress.Images, progress.Bytes).ShouldBe((1, true, 2, archived.Bytes + other.Bytes));
        _blobs.Opened.ShouldBe([archived.BlobName, other.BlobName]);
        _host.Log.Warnings().ShouldBeEmpty();

        await _host.RunAsync(); // the next pass is not due
        (await _host.ProgressAsync())!.Pass.ShouldBe(1);
        await NextPassAsync();
        (await _host.ProgressAsync())!.Pass.ShouldBe(2);
        _blobs.Opened.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Pass_ImageIsDeletedWhileItIsRead_IsNoFinding()
    {
        var record = await _host.UploadAsync(TestImages.Jpeg(seed: 4));
        Later();
        _blobs.BeforeOpen = _ => DeleteAsync(record);

        await _host.RunAsync();

        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(0);
        _host.Log.Warnings().ShouldBeEmpty();
    }

    [Fact]
    public async Task Pass_LossIsOnTheRecordAlready_IsNotReportedASecondTime()
    {
        var record = await _host.UploadAsync(TestImages.Jpeg(seed: 5));
        await _host.Catalog.TransitionAsync(record.Id,
            one => ImageLifecycle.Fail(one, Samples.Why with { Code = FailureCodes.ContentUnavailable }, Samples.Someone), None);
        File.Delete(_host.PathOf(record));
        Later();

        await _host.RunAsync();

        (await _host.Findings.ListAsync(10, None)).Total.ShouldBe(0);
        (await _host.ProgressAsync())!.Complete.ShouldBeTrue();
    }

    [Fact]
    public async Task Gauge_HasTheNumberOfFindings()
    {
        for (var seed = 21; seed < 38; seed++)
            File.Delete(_host.PathOf(await _host.UploadAsync(TestImages.Jpeg(seed: seed))));
        Later();
        await _host.RunAsync();
        var seen = new List<long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == Telemetry.ScrubDamaged)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => seen.Add(count));
        listener.Start();

        listener.RecordObservableInstruments();

        seen.ShouldContain(17); // others are those of other tests
    }

    // A pass reads what was uploaded before it began.
    private void Later() => _clock.Advance(TimeSpan.FromSeconds(1));

    private async Task NextPassAsync()
    {
        _clock.Advance(TimeSpan.FromDays(2));
        await _host.RunAsync();
    }

    private async Task DeleteAsync(ImageRecord record)
    {
        if (await _host.Catalog.TransitionAsync(record.Id, one => ImageLifecycle.Purge(one, Samples.Someone), None) is not null)
            await _blobs.DeleteAsync(record.BlobName, None);
    }

    private static void Damage(string path, string damage)
    {
        switch (damage)
        {
            case OriginalDamage.WrongBytes:
                ScrubHost.Flip(path);
                break;
            case OriginalDamage.WrongSize:
                File.AppendAllText(path, "more");
                break;
            default:
                File.Delete(path);
                break;
        }
    }
}
