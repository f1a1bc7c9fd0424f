using ImageAspire.Dashboard.Telemetry;
using ImageAspire.Tests.Dashboard.Pages;
using Microsoft.Playwright;
using static ImageAspire.Tests.Dashboard.Pages.SampleTelemetry;

namespace ImageAspire.Tests.Browser;

/// <summary>Structured logs, traces and metrics in a real browser, over made-up telemetry.</summary>
public sealed class TelemetryPagesTests
{
    private static readonly TraceId Id = new(0xabcdef);

    [BrowserFact]
    public async Task Trace_FromListToSpanToLogsAndBack_KeepsItsPlace()
    {
        await using var host = await StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserFactAttribute.LaunchAsync(playwright);
        var page = await host.OpenAsync(browser, "/traces");
        var problems = Problems(page);

        await page.Locator(".traces .name a").First.ClickAsync();
        await Assertions.Expect(page.Locator(".waterfall tbody tr")).ToHaveCountAsync(14);
        await page.Locator(".waterfall a.span", new() { HasText = "AnalyzeImage" }).ClickAsync();
        await Assertions.Expect(page.Locator("#details-title")).ToHaveTextAsync("AnalyzeImage");
        await Assertions.Expect(page.Locator("#details")).ToContainTextAsync("System.Net.Http.HttpRequestException");
        await page.Locator("#details .ways a", new() { HasText = "View structured logs (1)" }).ClickAsync();
        await Assertions.Expect(page.Locator(".logs tbody tr")).ToHaveCountAsync(1);
        await page.Locator(".logs .message a").ClickAsync();
        await Assertions.Expect(page.Locator("#details .exception").First).ToHaveTextAsync("System.Net.Http.HttpRequestException");
        await page.Locator("#details a", new() { HasText = "View trace" }).ClickAsync();
        await Assertions.Expect(page.Locator("#details-title")).ToHaveTextAsync("AnalyzeImage");
        await Assertions.Expect(page.Locator(".waterfall tr.selected")).ToHaveCountAsync(1);

        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("#details-title")).ToHaveTextAsync("Log entry details");
        problems.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Waterfall_Keyboard_FoldsSelectsAndCloses()
    {
        await using var host = await StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserFactAttribute.LaunchAsync(playwright);
        var page = await host.OpenAsync(browser, $"/traces/detail/{Id}");
        var rows = page.Locator(".waterfall tbody tr");

        await page.Locator(".waterfall a.span").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowLeft"); // ReceiveImage has three of its own, and one of these has the rest
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(rows).ToHaveCountAsync(14);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#details-title")).ToHaveTextAsync("ReceiveImage");
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("#details-title")).ToHaveTextAsync("blob write");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#details")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Logs_FilterByKeyboard_GoesToTheAddressAndNewOnesAppear()
    {
        await using var host = await StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserFactAttribute.LaunchAsync(playwright);
        var page = await host.OpenAsync(browser, "/structuredlogs");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("inspected");
        await Assertions.Expect(page.Locator(".logs tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"\?text=inspected$"));
        host.Store.Logs.Add([Log(Resource("vision"), LogSeverity.Warning, "Inspected twice", Now())]);
        await Assertions.Expect(page.Locator(".logs tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("input[type=search]")).ToBeFocusedAsync();
        await page.Locator("select[name=logLevel]").SelectOptionAsync("Warning");
        await Assertions.Expect(page.Locator(".logs tbody tr")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".logs tbody tr")).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task Metrics_Chart_IsDrawnAndAnExemplarOpensItsTrace()
    {
        await using var host = await StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserFactAttribute.LaunchAsync(playwright);
        var page = await host.OpenAsync(browser, "/metrics/resource/worker-1");
        var problems = Problems(page);

        await page.Locator(".instruments a", new() { HasText = "imageaspire.stage.duration" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chart").First.Locator("path.line")).ToHaveCountAsync(3);
        await page.Locator("select[name=by]").SelectOptionAsync("stage");
        await Assertions.Expect(page.Locator(".legend").First).ToContainTextAsync("NotifySubscribers");
        await page.Locator("input[value=AnalyzeImage]").CheckAsync();
        await Assertions.Expect(page.Locator(".chart").First.Locator("path.line")).ToHaveCountAsync(1);
        await page.Locator("a.exemplar").First.ClickAsync();
        await Assertions.Expect(page.Locator("#details-title")).ToHaveTextAsync("AnalyzeImage");
        problems.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Pages_PhoneWidthAndDark_HaveNoSidewaysScrolling()
    {
        await using var host = await StartAsync();
        host.Store.Logs.Add([Log(Resource(new string('r', 90)), LogSeverity.Error, new string('W', 3_000), Now(), Id, 11, new TelemetryAttribute(new string('k', 200), new string('v', 3_000)))]);
        host.Store.Traces.Add([Span(Id, 99, 11, Resource(new string('r', 90)), new string('W', 3_000), Now(), Second)]);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserFactAttribute.LaunchAsync(playwright);

        foreach (var address in new[]
        {
            "/structuredlogs", "/structuredlogs?record=4", "/traces", $"/traces/detail/{Id}", $"/traces/detail/{Id}?spanId=0000000000000063", "/traces/detail/none", "/metrics",
            "/metrics/resource/worker-1?instrument=imageaspire.stage.duration&by=stage", "/metrics/resource/worker-1?instrument=imageaspire.bytes.received&view=table",
        })
        {
            var page = await host.OpenAsync(browser, address, 375, 780, ColorScheme.Dark);
            (await page.Locator("html").EvaluateAsync<int>("html => html.scrollWidth")).ShouldBeLessThanOrEqualTo(375, address);
            await page.CloseAsync();
        }
    }

    private static async Task<PagesHost> StartAsync()
    {
        var host = await PagesHost.StartAsync();
        host.Store.Traces.Add(Image(Id, Now(), fails: true));
        host.Store.Logs.Add(Logs(Id, Now(), fails: true));
        Metrics(host.Store.Metrics, Now(), 120, Id);
        return host;
    }

    private static List<string> Problems(IPage page)
    {
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                problems.Add(message.Text);
        };
        return problems;
    }
}
