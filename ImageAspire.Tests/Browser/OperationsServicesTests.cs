using ImageAspire.Core.Ports;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.Heartbeats;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>Who is there, on the operations page.</summary>
[Collection(BrowserTests.Name)]
public sealed class OperationsServicesTests(BrowserFixture chromium)
{
    [Fact]
    public async Task Page_AStageThatWaits_SaysWhatHoldsItUpAndIsNeverGreen()
    {
        await using var host = new ApiHost();
        var (store, now) = (host.Services.GetRequiredService<IHeartbeatStore>(), TimeProvider.System.GetUtcNow());
        var worker = Beats.Of(at: now.AddMinutes(-3)) with { StoppedAt = now.AddMinutes(-3) };
        await store.WriteAsync(worker, CancellationToken.None);
        await host.UploadAsync(1);
        await using var gallery = await GalleryPage.OpenAsync(chromium, host);
        await gallery.Page.GotoAsync(new Uri(host.Address, "/operations/").ToString());
        var inspect = gallery.Page.Locator("[data-name=inspect-image]");
        await Expect(inspect.Locator(".pill.bad")).ToHaveTextAsync("held up");
        await Expect(inspect.Locator(".why")).ToContainTextAsync("No worker has run since ");
        await Expect(gallery.Page.Locator(".alarm")).ToContainTextAsync("inspect-image: 1 message waits, the oldest for ");
        await Expect(gallery.Page.Locator("[data-name=analyze-image] .pill.good")).ToHaveTextAsync("idle");

        await store.WriteAsync(worker with { At = now.AddHours(1), StoppedAt = null, Dependencies = [Beats.Away("blobs", now, "<b>gone</b>")] }, CancellationToken.None);
        await Expect(inspect.Locator(".why")).ToContainTextAsync("Blobs: away since ");
        await Expect(inspect.Locator(".why")).ToContainTextAsync("<b>gone</b>");

        await host.Services.GetRequiredService<ITopicOperations>().PauseAsync("inspect-image", "<i>boss</i>", CancellationToken.None);
        await Expect(inspect.Locator(".why")).ToContainTextAsync("Paused by <i>boss</i> since ");
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_WorkersAndVisionAway_AreShownWithTheirStateAndNamesAsText()
    {
        await using var host = new ApiHost();
        var (store, now) = (host.Services.GetRequiredService<IHeartbeatStore>(), TimeProvider.System.GetUtcNow());
        await store.WriteAsync(Beats.Of(name: "<b>worker</b>", at: now.AddHours(1), dependencies: Beats.Away("vision", now.AddMinutes(-7), "<i>not</i> there.")), CancellationToken.None);
        await store.WriteAsync(Beats.Of(name: "worker-2", at: now.AddMinutes(-3)), CancellationToken.None);
        await store.WriteAsync(Beats.Of(name: "worker-3", at: now) with { StoppedAt = now }, CancellationToken.None);
        await using var gallery = await GalleryPage.OpenAsync(chromium, host);

        await gallery.Page.GotoAsync(new Uri(host.Address, "/operations/").ToString());

        var services = gallery.Page.Locator("[data-name=services]");
        await Expect(services.Locator("[data-name='<b>worker</b>'] .pill")).ToHaveTextAsync("running");
        await Expect(services.Locator("[data-name='<b>worker</b>']")).ToContainTextAsync("Does not reach: Vision service");
        await Expect(services.Locator("[data-name=worker-2]")).ToContainTextAsync("no heartbeat for more than 20 s: it died, hangs, or cannot write to the store");
        await Expect(services.Locator("[data-name=worker-3] .pill")).ToHaveTextAsync("stopped");
        await Expect(services.Locator("[data-name=documents] .pill")).ToHaveTextAsync("available");
        await Expect(services.Locator("[data-name=vision]")).ToContainTextAsync("<i>not</i> there. Seen by <b>worker</b>.");
        await Expect(gallery.Page.Locator(".alarm")).ToContainTextAsync("Vision service: away since");
        gallery.Problems.ShouldBeEmpty();
    }
}
