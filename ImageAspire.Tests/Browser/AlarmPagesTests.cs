using ImageAspire.Core.Ports;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.Heartbeats;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>Alarms where people look: operators on the page Flow, everybody in the gallery.</summary>
[Collection(BrowserTests.Name)]
public sealed class AlarmPagesTests(BrowserFixture chromium)
{
    [Fact]
    public async Task Pages_AnImageWaitsForADependency_SayWhyUntilItIsOver()
    {
        await using var host = new ApiHost(("Alarms:Interval", "00:00:00.2"), ("Alarms:EndAfter", "00:00:00.5"));
        var (store, now) = (host.Services.GetRequiredService<IHeartbeatStore>(), TimeProvider.System.GetUtcNow());
        var worker = Beats.Of(at: now.AddHours(1), dependencies: Beats.Away("vision", now.AddMinutes(-7), "<i>not</i> there."));
        await store.WriteAsync(worker, CancellationToken.None);
        await host.UploadAsync(1);
        await using var gallery = await GalleryPage.OpenAsync(chromium, host);

        await Expect(gallery.Page.Locator("#delays")).ToContainTextAsync("1 image waits for longer than usual.");
        await Expect(gallery.Page.Locator("#delays")).ToContainTextAsync("The vision service, which says what is in an image, does not answer, since ");

        await gallery.Page.GotoAsync(new Uri(host.Address, "/operations/").ToString());
        var alarm = gallery.Page.Locator("[data-name=alarms] [data-name=dependency-away]");
        await Expect(alarm.Locator(".pill")).ToHaveTextAsync("open");
        await Expect(alarm).ToContainTextAsync("vision is away for worker-1: <i>not</i> there.");

        await store.WriteAsync(worker with { Dependencies = [Beats.There("vision", now)] }, CancellationToken.None);
        await gallery.Page.GetByText("Over, within seven days: 1").ClickAsync();
        await Expect(alarm.Locator(".pill")).ToHaveTextAsync("over");
        await gallery.Page.GotoAsync(host.Address.ToString());
        await Expect(gallery.Page.Locator("#grid .card")).ToHaveCountAsync(1);
        await Expect(gallery.Page.Locator("#delays")).ToBeHiddenAsync();
        gallery.Problems.ShouldBeEmpty();
    }
}
