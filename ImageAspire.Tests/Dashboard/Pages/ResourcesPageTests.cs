using System.Net;
using ImageAspire.Dashboard.Resources;
using ImageAspire.Tests.Dashboard.Access;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>The resources page, as it comes from the server.</summary>
public sealed class ResourcesPageTests
{
    [Fact]
    public async Task Row_OfAResource_TellsHowItIs()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("worker-1", one => one with
        {
            State = ResourceState.Restarting, StateReason = "exited with code 137", Health = ResourceHealth.Degraded, Restarts = 3, Cpu = 0.5, MemoryBytes = 50 << 20,
            Source = "/app/ImageAspire.Worker.dll", StartedAt = DateTimeOffset.UnixEpoch, HealthReports = [new("vision", ResourceHealth.Degraded, "It does not answer.")],
        });
        using var browser = await dashboard.SignedInAsync();

        var page = await browser.GetStringAsync("/");

        foreach (var text in new[] { "Restarting", "exited with code 137", "Degraded", "vision", "It does not answer.", "50 %", "50 MiB", "ImageAspire.Worker.dll", "1970-01-01T00:00:00", "/traces/resource/worker-1" })
            page.ShouldContain(text);
    }

    [Fact]
    public async Task Details_Secrets_NeverReachTheBrowser()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api", one => one with
        {
            Environment =
            [
                new("PLAIN", "to-be-seen", false), new("Marked", "hidden-1", true), new("Access__ApiKey", "hidden-2", false), new("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=hidden-3", false),
                new("SOME_SHA256", "hidden-4", false), new("DATABASE", "mongodb://user:hidden-5@localhost", false), new("STORE", "Server=a;Password=hidden-6", false),
            ],
        });
        using var browser = await dashboard.SignedInAsync();

        var page = await browser.GetStringAsync("/?resource=api");

        page.ShouldContain("to-be-seen");
        page.ShouldContain("OTEL_EXPORTER_OTLP_HEADERS");
        page.ShouldNotContain("hidden-");
    }

    [Fact]
    public async Task Everything_WithMarkup_IsText()
    {
        const string hostile = "\"><script>alert(1)</script>";
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put(hostile, one => one with
        {
            StateReason = hostile, Source = hostile, HealthReports = [new(hostile, ResourceHealth.Unhealthy, hostile)], Environment = [new(hostile, hostile, false)],
            Endpoints = [new Uri("javascript:alert(1)"), new Uri("http://localhost:1/?\"><script>alert(1)</script>")],
        });
        using var browser = await dashboard.SignedInAsync();

        var page = await browser.GetStringAsync("/?resource=" + Uri.EscapeDataString(hostile));

        page.ShouldContain("&lt;script&gt;");
        page.ShouldNotContain("<script>alert", Case.Insensitive);
        page.ShouldNotContain("href=\"javascript:", Case.Insensitive);
    }

    [Fact]
    public async Task Command_PressedTwice_IsGivenOnce()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        var end = new TaskCompletionSource();
        dashboard.Commands.Ends = end.Task;
        using var browser = await dashboard.SignedInAsync();

        using var first = await browser.PostAsync("/resources/api/restart", await Forms.OfAsync(browser));
        await Eventually.TrueAsync(() => dashboard.Commands.Given.Count == 1);
        using var second = await browser.PostAsync("/resources/api/restart", await Forms.OfAsync(browser));
        var meanwhile = await browser.GetStringAsync("/");
        end.SetResult();

        second.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        meanwhile.ShouldContain("Restarting api");
        await Eventually.TrueAsync(async () => (await browser.GetStringAsync("/")).Contains("api was restarted", StringComparison.Ordinal));
        dashboard.Commands.Given.ShouldBe(["restart api"]);
    }

    [Fact]
    public async Task Command_ThatFails_TellsWhy()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("vision");
        dashboard.Commands.Ends = Task.FromException(new InvalidOperationException("node was <b>not</b> found"));
        using var browser = await dashboard.SignedInAsync();

        using var answer = await browser.PostAsync("/resources/vision/restart", await Forms.OfAsync(browser));

        await Eventually.TrueAsync(async () => (await browser.GetStringAsync("/")).Contains("node was &lt;b&gt;not&lt;/b&gt; found", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/resources/other/stop")]
    [InlineData("/resources/api/explode")]
    public async Task Command_UnknownOne_Is404(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = await dashboard.SignedInAsync();

        using var answer = await browser.PostAsync(path, await Forms.OfAsync(browser));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        dashboard.Commands.Given.ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_OfNoSuchAddress_Is404WithAWayBack()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = await dashboard.SignedInAsync();

        using var answer = await browser.GetAsync("/<b>no");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("There is no page");
        page.ShouldNotContain("<b>no");
    }

    [Fact]
    public async Task Page_ThatCannotBeMade_SaysSoAndNotWhy()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api", one => one with { HealthReports = null! });
        using var browser = await dashboard.SignedInAsync();

        using var answer = await browser.GetAsync("/");

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("Something went wrong");
        page.ShouldNotContain("Exception");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
    }
}
