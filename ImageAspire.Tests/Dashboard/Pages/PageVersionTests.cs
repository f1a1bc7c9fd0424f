using System.Net;
using ImageAspire.Dashboard.Telemetry;
using ImageAspire.Tests.Dashboard.Access;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>The question whether a page has changed.</summary>
public sealed class PageVersionTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/?resource=api")]
    [InlineData("/consolelogs/resource/api")]
    [InlineData("/structuredlogs")]
    [InlineData("/traces")]
    public async Task Live_NothingHasChanged_Is304WithoutAPage(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = await dashboard.SignedInAsync();

        using var first = await browser.GetAsync(path);
        using var second = await AskAsync(browser, path, first.Headers.ETag!.Tag);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Live_WhatThePageShowsHasChanged_IsThePage()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = await dashboard.SignedInAsync();
        var (resources, traces) = (await TagAsync(browser, "/"), await TagAsync(browser, "/traces"));

        dashboard.Put("api", one => one with { Restarts = 41 });

        using var changed = await AskAsync(browser, "/", resources);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await changed.Content.ReadAsStringAsync()).ShouldContain(">41<");
        using var same = await AskAsync(browser, "/traces", traces);
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        var resource = new TelemetryResource("api", "", []);
        dashboard.Telemetry.Traces.Add([new Span { TraceId = new(1), SpanId = new(1), Resource = resource, Scope = new("x", ""), Name = "GET /", Start = 1, End = 2 }]);
        using var more = await AskAsync(browser, "/traces", traces);
        more.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await more.Content.ReadAsStringAsync()).ShouldContain("GET /");
    }

    [Fact]
    public async Task Live_AnotherThemeOrSession_IsAnotherVersion()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = await dashboard.SignedInAsync();
        using var other = await dashboard.SignedInAsync();
        var before = await TagAsync(browser, "/");

        (await TagAsync(other, "/")).ShouldNotBe(before); // its forms have another token
        using var theme = await browser.PostAsync("/theme", await Forms.OfAsync(browser, ("theme", "dark"), ("returnUrl", "//evil.example")));

        theme.Headers.Location!.OriginalString.ShouldBe("/");
        (await TagAsync(browser, "/")).ShouldNotBe(before);
        (await browser.GetStringAsync("/")).ShouldContain("data-theme=\"dark\"");
    }

    [Fact]
    public async Task Reload_WithETag_IsThePage()
    {
        // Without X-Live it is somebody who pressed reload: a browser that was answered 304 would show what it had kept, and it keeps nothing.
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = await dashboard.SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("If-None-Match", await TagAsync(browser, "/"));

        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<string> TagAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        return answer.Headers.ETag!.Tag;
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient browser, string path, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Live", "1");
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await browser.SendAsync(request);
    }
}
