using System.Net;

namespace ImageAspire.Tests.Dashboard.Access;

/// <summary>What a page of somebody else can make a browser do: nothing.</summary>
public sealed class RequestForgeryTests
{
    [Fact]
    public async Task Command_FromOurForm_IsGiven()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = await dashboard.SignedInAsync();

        using var answer = await browser.PostAsync("/resources/api/stop", await Forms.OfAsync(browser, ("returnUrl", "/?resource=api")));

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.OriginalString.ShouldBe("/?resource=api");
        await Eventually.TrueAsync(() => dashboard.Commands.Given.Contains("stop api"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("of-somebody-else")]
    public async Task Command_WithoutTheFormsToken_IsRefused(string? token)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = await dashboard.SignedInAsync();

        using var answer = await browser.PostAsync("/resources/api/stop", new FormUrlEncodedContent(token is null ? [] : [new("form-token", token)]));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        dashboard.Commands.Given.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Command_FromAnotherOrigin_IsRefusedEvenWithTheToken(string header, string value)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = await dashboard.SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/resources/api/stop") { Content = await Forms.OfAsync(browser) };
        request.Headers.Add(header, value);

        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        dashboard.Commands.Given.ShouldBeEmpty();
    }

    [Fact]
    public async Task Command_TokenOfAnotherSession_IsRefused()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = await dashboard.SignedInAsync();
        using var other = await dashboard.SignedInAsync();

        using var answer = await browser.PostAsync("/resources/api/stop", await Forms.OfAsync(other));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Command_ByAnotherMethod_DoesNothing(string method)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = await dashboard.SignedInAsync();

        using var answer = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/resources/api/stop"));

        ((int)answer.StatusCode).ShouldBeInRange(400, 405);
        dashboard.Commands.Given.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.168.1.2")]
    [InlineData("localhost.")]
    public async Task Host_OfAnotherName_IsRefused(string host)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = await dashboard.SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };

        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task Host_OfThisMachine_IsAnswered(string host)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/login") { Headers = { Host = $"{host}:{dashboard.Address.Port}" } };

        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/no/such/page")]
    public async Task Page_Always_ForbidsScriptsOfOthersAndIsNotKept(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = await dashboard.SignedInAsync();

        using var answer = await browser.GetAsync(path);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; script-src 'self';");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe-eval");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
        answer.Headers.CacheControl!.NoStore.ShouldBe(true, path);
    }
}
