using System.Net;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>The console page, as it comes from the server.</summary>
public sealed class ConsoleLogsPageTests
{
    private const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover=\"alert(3)";

    [Fact]
    public async Task Line_WithMarkup_IsText()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        dashboard.Console.Append("api", "\u001b[31m" + Hostile + "\u001b[0m" + Hostile);
        using var browser = await dashboard.SignedInAsync();

        foreach (var path in new[] { "/consolelogs/resource/api", "/consolelogs", "/consolelogs/lines?resource=api" })
        {
            var page = await browser.GetStringAsync(path);
            page.ShouldContain("&lt;script&gt;alert(1)", Case.Sensitive, path);
            page.ShouldNotContain("<script>alert", Case.Insensitive, path);
            page.ShouldNotContain("<img src=x", Case.Insensitive, path);
        }
    }

    [Fact]
    public async Task Address_WithMarkup_IsText()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = await dashboard.SignedInAsync();

        var page = await browser.GetStringAsync($"/consolelogs/resource/{Uri.EscapeDataString(Hostile)}?after={Uri.EscapeDataString(Hostile)}");

        page.ShouldNotContain("<script>alert", Case.Insensitive);
        page.ShouldNotContain("<img src=x", Case.Insensitive);
        page.ShouldNotContain("\" onmouseover=\"", Case.Insensitive);
    }

    [Fact]
    public async Task Lines_AfterCursor_AreTheNewOnesOnly()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        dashboard.Put("worker-1");
        dashboard.Console.Append("api", "first");
        dashboard.Console.Append("worker-1", "second", isError: true);
        using var browser = await dashboard.SignedInAsync();

        using var all = await browser.GetAsync("/consolelogs/lines");
        var after = all.Headers.GetValues("X-After").Single();
        using var nothing = await browser.GetAsync("/consolelogs/lines?after=" + Uri.EscapeDataString(after));
        dashboard.Console.Append("worker-1", "third");
        var more = await browser.GetStringAsync("/consolelogs/lines?after=" + Uri.EscapeDataString(after));

        (await all.Content.ReadAsStringAsync()).ShouldContain("second");
        nothing.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        more.ShouldContain("third");
        more.ShouldNotContain("first");
        more.ShouldNotContain("second");
    }

    [Fact]
    public async Task Page_MoreLinesThanShown_SaysHowManyAreMissing()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        for (var number = 1; number <= 1500; number++)
            dashboard.Console.Append("api", $"line {number};");
        using var browser = await dashboard.SignedInAsync();

        var page = await browser.GetStringAsync("/consolelogs/resource/api");

        page.ShouldContain("500 earlier lines of api");
        page.ShouldContain("line 501;");
        page.ShouldNotContain("line 500;");
    }

    [Fact]
    public async Task Page_OfAllResources_SaysWhatIsMissingOfEach()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        dashboard.Put("worker-1");
        for (var number = 1; number <= 900; number++)
        {
            dashboard.Console.Append("api", $"line {number};");
            dashboard.Console.Append("worker-1", $"line {number};");
        }

        using var browser = await dashboard.SignedInAsync();

        var page = await browser.GetStringAsync("/consolelogs");

        page.ShouldContain("400 earlier lines of api");
        page.ShouldContain("400 earlier lines of worker-1");
    }

    [Fact]
    public async Task Download_OneResource_HasAllLinesWithoutCodes()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        for (var number = 1; number <= 1500; number++)
            dashboard.Console.Append("api", $"\u001b[32mline\u001b[0m {number}", isError: number == 7);
        using var browser = await dashboard.SignedInAsync();

        using var answer = await browser.GetAsync("/consolelogs/download?resource=api");
        var lines = (await answer.Content.ReadAsStringAsync()).TrimEnd().Split('\n');

        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Content.Headers.ContentDisposition.FileName!.Trim('"').ShouldStartWith("api-");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        lines.Length.ShouldBe(1500);
        lines[0].ShouldMatch("^\\S+Z line 1$");
        lines[6].ShouldEndWith("stderr line 7");
    }

    [Fact]
    public async Task Form_ChosenResource_GetsAnAddressOfItsOwn()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("a/b c");
        using var browser = await dashboard.SignedInAsync();

        using var one = await browser.GetAsync("/consolelogs?resource=a%2Fb%20c&chosen=true&nowrap=true");
        using var all = await browser.GetAsync("/consolelogs?resource=&chosen=true");

        one.Headers.Location!.OriginalString.ShouldEndWith("/consolelogs/resource/a%2Fb%20c?nowrap=true");
        all.Headers.Location!.OriginalString.ShouldEndWith("/consolelogs");
    }

    [Fact]
    public async Task Refresh_OfThePage_HasNoLines()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        dashboard.Console.Append("api", "a line");
        using var browser = await dashboard.SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/consolelogs/resource/api") { Headers = { { "X-Live", "1" } } };

        using var answer = await browser.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();

        page.ShouldContain("Running"); // kept up to date
        page.ShouldNotContain("a line"); // asked for by number
    }

    [Fact]
    public async Task Resource_ThatHasEnded_KeepsItsLines()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("worker-1", one => one with { State = ImageAspire.Dashboard.Resources.ResourceState.Restarting, StateReason = "exited with code 137", Restarts = 1 });
        dashboard.Console.Append("worker-1", "last words");
        using var browser = await dashboard.SignedInAsync();

        var page = await browser.GetStringAsync("/consolelogs/resource/worker-1");

        page.ShouldContain("last words");
        page.ShouldContain("exited with code 137");
    }
}
