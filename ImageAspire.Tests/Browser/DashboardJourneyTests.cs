using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageAspire.Core;
using ImageAspire.Tests.Dashboard.Pages;
using ImageAspire.Tests.Embedded;
using ImageAspire.Tests.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>Somebody with a browser who follows a photo through the running system, and watches a worker die and come back.</summary>
[Collection(EndToEndTests.Name)]
public sealed class DashboardJourneyTests : IDisposable
{
    private const string Reading = """
        rows => rows.map(row => ({
          resource: row.querySelector('.resource').textContent, name: row.querySelector('.what').textContent,
          depth: Number(row.querySelector('.name > div').style.getPropertyValue('--depth')) }))
        """;

    // Each stage, whoever runs it, and below what it is. Spans of stores are between them.
    private static readonly string[] Stages =
    [
        "api POST /api/images",
        "api ReceiveImage < POST /api/images",
        "api write blob < ReceiveImage",
        "api commit images < ReceiveImage",
        "api publish image.received < commit images",
        "worker-1 InspectImage < publish image.received",
        "worker-1 RecordAudit < publish image.received",
        "worker-1 UpdateReports < publish image.received",
        "worker-1 decode picture < InspectImage",
        "worker-1 commit images < InspectImage",
        "worker-1 publish image.inspected < commit images",
        "worker-1 AnalyzeImage < publish image.inspected",
        "worker-1 RecordAudit < publish image.inspected",
        "worker-1 UpdateReports < publish image.inspected",
        "worker-1 commit images < AnalyzeImage",
        "worker-1 publish image.analyzed < commit images",
        "worker-1 NotifySubscribers < publish image.analyzed",
        "worker-1 RecordAudit < publish image.analyzed",
        "worker-1 UpdateReports < publish image.analyzed",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public async Task Photo_FromTheGalleryToItsTraceAndBack_ShowsEveryStage()
    {
        await using var app = await RunningApp.StartWithDashboardAsync(_folder.Root, workers: 1);
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        var dashboard = new Uri(app.DashboardAddress);

        await page.GotoAsync(app.SignInAddress);
        await Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await page.SetInputFilesAsync("#files", new FilePayload { Name = "harbour.jpg", MimeType = "image/jpeg", Buffer = TestImages.Jpeg(1200, 900, seed: 31) });
        await Expect(page.Locator("#grid .card", new() { HasText = "harbour.jpg" })).ToHaveCountAsync(1);
        var image = (await app.Client.GetFromJsonAsync<JsonElement>("/api/images")).GetProperty("items").EnumerateArray().Single();
        var (id, traceId) = (image.GetProperty("id").GetGuid(), image.GetProperty("traceId").GetString()!);
        await app.AnalyzedAsync(id);

        // The dashboard: its list of traces, and the whole way of the photo.
        await page.GotoAsync(app.DashboardAddress);
        await page.ClickAsync("nav a:has-text('Traces')");
        await page.GetByLabel("Text").FillAsync("POST /api/images"); // the questions whether it is analyzed yet fill more than a page
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".traces .name a", new() { HasText = "api: POST /api/images" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(dashboard, $"/traces/detail/{traceId}").ToString());
        await ReadsAsync(page, Stages);
        await Expect(page.Locator(".trace-header .error")).ToHaveCountAsync(0);

        // What a stage says of the image leads to the gallery, and its trace leads back.
        await page.Locator(".waterfall a.span", new() { HasText = "AnalyzeImage" }).ClickAsync();
        await Expect(page.Locator("#details-title")).ToHaveTextAsync("AnalyzeImage");
        await Expect(page).ToHaveURLAsync(new Regex($"/traces/detail/{traceId}\\?spanId=[0-9a-f]{{16}}$"));
        var link = page.Locator("#details-attributes tr", new() { HasText = Spans.ImageId }).GetByRole(AriaRole.Link);
        await Expect(link).ToHaveTextAsync(id.ToString("D"));
        await link.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(app.Address, $"/?image={id}").ToString());
        await Expect(page.Locator("#details")).ToContainTextAsync("harbour.jpg");
        var trace = await page.RunAndWaitForPopupAsync(() => page.Locator("#details dd a.trace").ClickAsync());
        await Expect(trace).ToHaveURLAsync(new Uri(dashboard, $"/traces/detail/{traceId}").ToString());
        await ReadsAsync(trace, Stages);

        opened.Problems.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Worker_Killed_IsSeenToComeBackWithoutReload()
    {
        await using var app = await RunningApp.StartWithDashboardAsync(_folder.Root, workers: 1);
        await using var opened = await OpenedBrowser.StartAsync();
        var page = opened.Page;
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 32)));
        await page.GotoAsync(app.DashboardAddress);
        var worker = page.Locator("tr[data-key=worker-1]");
        var restarts = worker.Locator("td[data-label=Restarts]");
        await IsWellAsync(worker);
        await Expect(restarts).ToHaveTextAsync("0");
        await page.EvaluateAsync("window.notReloaded = true");

        RunningApp.Kill(app.ProcessesOf("worker-1")[^1]);

        await Expect(restarts).ToHaveTextAsync("1");
        await IsWellAsync(worker);
        (await page.EvaluateAsync<bool>("window.notReloaded")).ShouldBeTrue();
        await worker.GetByRole(AriaRole.Link, new() { Name = "worker-1", Exact = true }).ClickAsync();
        await Expect(page.Locator("#details")).ToContainTextAsync($"Process ID {app.ProcessesOf("worker-1")[^1]}", new() { UseInnerText = true });
        await Expect(page.Locator("#details")).ToContainTextAsync("Last exit code 137", new() { UseInnerText = true });

        // The last lines of the life before, and that it ended.
        await worker.GetByRole(AriaRole.Link, new() { Name = "Console logs of worker-1" }).ClickAsync();
        await Expect(page.Locator(".console")).ToContainTextAsync("AnalyzeImage is done");
        await Expect(page.Locator(".console")).ToContainTextAsync("worker-1 ended with exit code 137");
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 33)));

        opened.Problems.ShouldBeEmpty();
    }

    private static async Task IsWellAsync(ILocator resource)
    {
        await Expect(resource.Locator("td[data-label=State] .badge")).ToContainTextAsync("Running");
        await Expect(resource.Locator("td[data-label=Health] .badge")).ToContainTextAsync("Healthy");
    }

    /// <summary>Spans arrive while one looks: the page shows them by itself, sooner or later all.</summary>
    private static async Task ReadsAsync(IPage page, string[] stages)
    {
        string[] read = [];
        try
        {
            await Eventually.TrueAsync(async () => stages.Except(read = await ReadAsync(page)).Any() is false);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Missing:\n{string.Join('\n', stages.Except(read))}\n\nRead:\n{string.Join('\n', read)}");
        }

        read.Count(line => line.Contains(" publish ", StringComparison.Ordinal) && !line.Contains("< publish", StringComparison.Ordinal)).ShouldBe(3);
        read.Count(line => line.Contains("< publish", StringComparison.Ordinal)).ShouldBe(9); // its readers
    }

    /// <summary>"resource span &lt; span above it", for each line of the waterfall.</summary>
    private static async Task<string[]> ReadAsync(IPage page)
    {
        var rows = (await page.Locator(".waterfall tbody tr").EvaluateAllAsync<JsonElement>(Reading)).EnumerateArray()
            .Select(row => (Resource: Text(row, "resource"), Name: Text(row, "name"), Depth: row.GetProperty("depth").GetInt32())).ToList();
        return [.. rows.Select((row, place) => $"{row.Resource} {row.Name}" + (row.Depth == 0 ? "" : $" < {rows.Take(place).Last(above => above.Depth < row.Depth).Name}"))];

        static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
    }
}
