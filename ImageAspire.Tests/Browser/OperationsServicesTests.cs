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
