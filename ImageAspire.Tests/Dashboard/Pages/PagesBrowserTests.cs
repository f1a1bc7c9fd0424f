using System.Text.RegularExpressions;
using ImageAspire.Dashboard.Resources;
using ImageAspire.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>The dashboard in a real browser, over made-up resources.</summary>
public sealed class PagesBrowserTests
{
    [BrowserFact]
    public async Task SignIn_WrongThenRight_LeadsToWhereOneWanted()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;

        await page.GotoAsync(new Uri(dashboard.Address, "/?resource=api").ToString());
        await page.FillAsync("#token", "wrong");
        await page.ClickAsync("text=Sign in");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("not known here");
        await page.FillAsync("#token", StartedDashboard.Token);
        await page.ClickAsync("button");

        await Expect(page.Locator("#details h2")).ToHaveTextAsync("Project: api");
        page.Url.ShouldEndWith("/?resource=api");
        await page.ClickAsync("[aria-label='Sign out']");
        await Expect(page.Locator("#token")).ToBeVisibleAsync();
        opened.Problems.ShouldBe(["401 POST /login", "Failed to load resource: the server responded with a status of 401 (Unauthorized)"], ignoreOrder: true);
    }

    [BrowserFact]
    public async Task Theme_Chosen_StaysAfterReload()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);

        await page.ClickAsync("[aria-label='Dark theme']");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();

        await Expect(page.Locator("[aria-label='Dark theme']")).ToHaveAttributeAsync("aria-pressed", "true");
        (await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")).ShouldBe("rgb(22, 24, 29)");
        opened.Problems.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Resources_StateChanges_AreShownInPlace()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);
        await page.ClickAsync("td a:has-text('worker-1')");
        await Expect(page.Locator("#details")).ToContainTextAsync("4712");
        await page.FocusAsync("[aria-label='Stop api']");

        dashboard.Put("worker-1", one => one with { State = ResourceState.Restarting, StateReason = "exited with code 137", Restarts = 1, ProcessId = null });

        await Expect(page.Locator("tr[data-key=worker-1]")).ToContainTextAsync("exited with code 137");
        await Expect(page.Locator("#details")).ToContainTextAsync("Restarting");
        await Expect(page.Locator("[aria-label='Stop api']")).ToBeFocusedAsync(); // nothing was replaced under the reader's hands
        await page.GoBackAsync();
        await Expect(page.Locator("#details")).ToHaveCountAsync(0);
        opened.Problems.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Restart_Pressed_TellsTheResult()
    {
        await using var dashboard = await StartAsync();
        var end = new TaskCompletionSource();
        dashboard.Commands.Ends = end.Task;
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);

        await page.ClickAsync("[aria-label='Restart worker-1']");
        await Expect(page.Locator("#commands")).ToContainTextAsync("Restarting worker-1");
        await Expect(page.Locator("[aria-label='Restart worker-1']")).ToBeDisabledAsync();
        end.SetResult();

        await Expect(page.Locator("#commands")).ToContainTextAsync("worker-1 was restarted");
        await Expect(page.Locator("[aria-label='Restart worker-1']")).ToBeEnabledAsync();
        dashboard.Commands.Given.ShouldBe(["restart worker-1"]);
        opened.Problems.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Console_NewLines_FollowUnlessPausedOrScrolledUp()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);
        await page.GotoAsync(new Uri(dashboard.Address, "/consolelogs/resource/api").ToString());
        var last = page.Locator(".console .line").Last;

        dashboard.Console.Append("api", "<b>fresh</b> \u001b[31mred\u001b[0m", isError: true);
        await Expect(last).ToContainTextAsync("<b>fresh</b> red");
        await Expect(last.Locator("span.f1")).ToHaveTextAsync("red");
        await Expect(last).ToBeInViewportAsync();

        await page.ClickAsync("[data-console-pause]");
        await Expect(page.Locator("[data-console-pause]")).ToHaveAttributeAsync("aria-pressed", "true");
        dashboard.Console.Append("api", "while paused");
        await page.ClickAsync("[data-console-pause]");
        await Expect(last).ToContainTextAsync("while paused");

        await page.Locator(".console").EvaluateAsync("box => { box.scrollTop = 0; }");
        dashboard.Console.Append("api", "while reading");
        await Expect(last).ToContainTextAsync("while reading");
        await Expect(last).Not.ToBeInViewportAsync();
        await page.ClickAsync("[data-console-end]");
        await Expect(last).ToBeInViewportAsync();

        await page.ClickAsync("#console-clear");
        await Expect(page.Locator(".console .line")).ToHaveCountAsync(0);
        dashboard.Console.Append("api", "after clearing");
        await Expect(page.Locator(".console .line")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Expect(page.Locator(".console .line")).ToHaveCountAsync(1);

        await page.SelectOptionAsync("select[name=resource]", "worker-1");
        await Expect(page).ToHaveURLAsync(new Regex("/consolelogs/resource/worker-1"));
        await Expect(last).ToContainTextAsync("of the worker");
        opened.Problems.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Console_ManyLines_AreNotAllKeptInThePage()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);
        await page.GotoAsync(new Uri(dashboard.Address, "/consolelogs/resource/api").ToString());

        for (var round = 0; round < 4; round++)
        {
            for (var line = 0; line < 900; line++)
                dashboard.Console.Append("api", $"line {line} of round {round};");
            await Expect(page.Locator(".console .line").Last).ToContainTextAsync($"of round {round};");
        }

        (await page.Locator(".console > div").CountAsync()).ShouldBeLessThanOrEqualTo(2000);
    }

    [BrowserFact]
    public async Task Reload_ScrolledPage_KeepsItsPlace()
    {
        await using var dashboard = await StartAsync();
        for (var number = 0; number < 60; number++)
            dashboard.Put($"worker-{number}");
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);

        await page.EvaluateAsync("scrollTo(0, 900)");
        dashboard.Put("worker-7", one => one with { Restarts = 77 });
        await Expect(page.Locator("tr[data-key=worker-7]")).ToContainTextAsync("77");
        (await page.EvaluateAsync<int>("Math.round(scrollY)")).ShouldBe(900);
        await page.ReloadAsync();

        await Eventually.TrueAsync(async () => await page.EvaluateAsync<int>("Math.round(scrollY)") == 900);
    }

    [BrowserFact]
    public async Task Dashboard_GoneAndSignedOut_IsSaidAndLeadsToSignIn()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);
        await page.GotoAsync(new Uri(dashboard.Address, "/?resource=api").ToString());

        await page.Context.SetOfflineAsync(true);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("Reconnecting…");
        await page.Context.SetOfflineAsync(false);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("");

        await page.Context.ClearCookiesAsync(); // as after a restart
        await Expect(page.Locator("#token")).ToBeVisibleAsync();
        await page.FillAsync("#token", StartedDashboard.Token);
        await page.ClickAsync("button");
        await Expect(page.Locator("#details h2")).ToHaveTextAsync("Project: api");
    }

    [BrowserFact]
    public async Task Link_FromAnotherSite_FindsTheSession()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);
        // 127.0.0.1 is another site than localhost: the browser withholds the cookie from a link between them.
        await page.GotoAsync($"http://127.0.0.1:{dashboard.Address.Port}/login");
        await Expect(page.Locator("#token")).ToBeVisibleAsync();

        await page.EvaluateAsync("address => { location.href = address; }", new Uri(dashboard.Address, "/?resource=api").ToString());

        await Expect(page.Locator("#details h2")).ToHaveTextAsync("Project: api");
        page.Url.ShouldEndWith("/?resource=api");
        await page.GotoAsync($"http://127.0.0.1:{dashboard.Address.Port}/login");
        await page.EvaluateAsync("address => { location.href = address; }", dashboard.SignInAddress);
        await Expect(page.Locator("#resources")).ToBeVisibleAsync(); // the printed address, opened from a page
        page.Url.ShouldNotContain(StartedDashboard.Token);
    }

    [BrowserFact]
    public async Task Keys_OfAspire_LeadToThePages()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);

        foreach (var (key, path) in new[] { ("c", "/consolelogs"), ("s", "/structuredlogs"), ("t", "/traces"), ("m", "/metrics"), ("r", "/") })
        {
            await page.Keyboard.PressAsync(key);
            await Expect(page).ToHaveURLAsync(new Uri(dashboard.Address, path).ToString());
            await Expect(page.Locator("[aria-current=page]")).ToHaveAttributeAsync("href", path);
        }

        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#shortcuts")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#shortcuts")).ToBeHiddenAsync();
        opened.Problems.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Pages_PhoneWidth_HaveNoSidewaysScrolling()
    {
        await using var dashboard = await StartAsync();
        var longWord = new string('W', 200);
        dashboard.Put("api", one => one with { StateReason = longWord, Source = "/" + longWord, HealthReports = [new(longWord, ResourceHealth.Unhealthy, longWord)], Environment = [new(longWord, longWord, false)] });
        dashboard.Console.Append("api", longWord);
        await using var opened = await OpenedBrowser.StartAsync(width: 375);
        var page = opened.Page;
        await page.GotoAsync(dashboard.SignInAddress);

        foreach (var path in new[] { "/", "/?resource=api", "/consolelogs", "/consolelogs/resource/api", "/structuredlogs", "/traces", "/metrics", "/no-such-page" })
        {
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(375, path);
        }
    }

    private static async Task<StartedDashboard> StartAsync()
    {
        var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api", one => one with { State = ResourceState.Running, Health = ResourceHealth.Healthy, ProcessId = 4711, Endpoints = [new Uri("http://localhost:5080/")] });
        dashboard.Put("worker-1", one => one with { State = ResourceState.Running, Health = ResourceHealth.Healthy, ProcessId = 4712 });
        for (var line = 0; line < 100; line++)
            dashboard.Console.Append("api", $"line {line}");
        dashboard.Console.Append("worker-1", "a line of the worker");
        return dashboard;
    }
}
