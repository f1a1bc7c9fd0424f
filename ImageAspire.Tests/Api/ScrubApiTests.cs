using System.Net;
using ImageAspire.Core.Images;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Worker.Scrub;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Tests.Api;

/// <summary>An Api and a Worker that scrubs, on one data folder with real files.</summary>
public sealed class ScrubApiTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ApiHost _host;

    public ScrubApiTests() => _host = new ApiHost(_folder);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Scrub_NeverRan_IsEmpty()
    {
        var scrub = await ScrubAsync();
        (scrub.Running, scrub.Pass, scrub.Complete, scrub.Images, scrub.Damaged, scrub.StartedAt, scrub.CompletedAt).ShouldBe((false, 0L, false, 0L, 0L, null, null));
        scrub.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task ByteFlippedOnTheDisk_IsFoundShownAndRestoredByTheSameUpload()
    {
        var file = TestImages.Jpeg(seed: 1);
        using var uploaded = await _host.PostRawAsync(file, name: "harbour.jpg");
        var image = await uploaded.ReadAsync<ImageDto>();
        await _host.UploadAsync(seed: 2);
        var path = ScrubHost.PathOf(_folder.Root, image.Id);
        ScrubHost.Flip(path);
        await using var worker = new ScrubHost(_folder, TimeProvider.System, configure: options => options.ScrubBytesPerSecond = 1 << 30);

        await worker.Service.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(async () => (await ScrubAsync()).Complete);

        var scrub = await ScrubAsync();
        (scrub.Running, scrub.Pass, scrub.Images, scrub.TotalImages, scrub.Damaged).ShouldBe((true, 1L, 2L, 2L, 1L));
        var finding = scrub.Findings.ShouldHaveSingleItem();
        (finding.ImageId, finding.Name, finding.Damage).ShouldBe((image.Id, "harbour.jpg", OriginalDamage.WrongBytes));
        finding.Sha256.ShouldBe(image.Sha256);
        (await worker.HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);

        using var again = await _host.PostRawAsync(file, name: "the same.jpg");

        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        var restored = await again.ReadAsync<ImageDto>();
        (restored.Id, restored.Duplicate, restored.Name).ShouldBe((image.Id, true, "harbour.jpg"));
        (await File.ReadAllBytesAsync(path)).ShouldBe(file);
        (await _host.Client.GetByteArrayAsync($"/api/images/{image.Id}/content")).ShouldBe(file);
        scrub = await ScrubAsync();
        (scrub.Damaged, scrub.Findings.Count).ShouldBe((0L, 0));
        (await worker.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        await worker.Service.StopAsync(CancellationToken.None);
        (await ScrubAsync()).Running.ShouldBeFalse();
    }

    [Fact]
    public async Task Erased_ADamagedImage_TakesItsFindingAlong()
    {
        var image = await _host.UploadAsync(seed: 1);
        ScrubHost.Flip(ScrubHost.PathOf(_folder.Root, image));
        await using var worker = new ScrubHost(_folder, TimeProvider.System, configure: options => options.ScrubBytesPerSecond = 1 << 30);
        await worker.Service.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(async () => (await ScrubAsync()).Damaged == 1);

        await _host.Client.DeleteAsync($"/api/images/{image}");
        (await ScrubAsync()).Findings.ShouldHaveSingleItem(); // it can be restored
        (await _host.Client.DeleteAsync($"/api/images/{image}?purge=true")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await ScrubAsync()).Findings.ShouldBeEmpty();
        await worker.Service.StopAsync(CancellationToken.None);
    }

    private async Task<ScrubDto> ScrubAsync()
    {
        using var answer = await _host.Client.GetAsync("/api/operations/scrub");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.ReadAsync<ScrubDto>();
    }
}
