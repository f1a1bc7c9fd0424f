using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>What the scrub found, on the operations page.</summary>
[Collection(BrowserTests.Name)]
public sealed class OperationsScrubTests(BrowserFixture chromium)
{
    [Fact]
    public async Task Page_DamagedOriginal_IsShownWithItsNameAsText()
    {
        await using var host = new ApiHost();
        var (id, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        await host.Services.GetRequiredService<IScrubProgressStore>().SaveAsync(
            new ScrubProgress { Version = 1, Pass = 3, StartedAt = now, Images = 12, Bytes = 3_000_000, LeaseUntil = now.AddHours(1) }, CancellationToken.None);
        await using var gallery = await GalleryPage.OpenAsync(chromium, host);
        await gallery.Page.GotoAsync(new Uri(host.Address, "/operations/").ToString());
        var panel = gallery.Page.Locator("[data-name=scrub]");
        await Expect(panel.Locator(".pill")).ToHaveTextAsync("reading");
        await Expect(panel.Locator(".facts-op")).ToContainTextAsync("Pass 312 of about 0 images, 2.9 MiB");

        await host.Services.GetRequiredService<IScrubFindingStore>().AddAsync(
            new ScrubFinding(id, "<b>harbour</b>.jpg", Samples.Digest("x"), OriginalDamage.WrongBytes, now, now), CancellationToken.None);
        await gallery.Page.ReloadAsync();

        await Expect(panel.Locator(".pill")).ToHaveTextAsync("1 damaged");
        await Expect(panel.GetByRole(AriaRole.Link, new() { Name = "<b>harbour</b>.jpg" })).ToHaveAttributeAsync("href", $"/?image={id}");
        await Expect(panel).ToContainTextAsync("its bytes have changed");
        await Expect(panel).ToContainTextAsync(Samples.Digest("x"));
        gallery.Problems.ShouldBeEmpty();
    }
}
