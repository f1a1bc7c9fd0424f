using System.Net;

namespace ImageAspire.Tests.Dashboard.Access;

/// <summary>The way in: what opens the dashboard and what does not.</summary>
public sealed class SignInTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/consolelogs")]
    [InlineData("/consolelogs/resource/api")]
    [InlineData("/consolelogs/lines?resource=api")]
    [InlineData("/consolelogs/download?resource=api")]
    [InlineData("/structuredlogs")]
    [InlineData("/traces")]
    [InlineData("/traces/detail/0123456789abcdef0123456789abcdef")]
    [InlineData("/metrics")]
    [InlineData("/no/such/page")]
    public async Task Page_WithoutSession_LeadsToSignInAndSaysNothing(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = dashboard.Browser();

        using var answer = await browser.GetAsync(path);
        using var live = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Live", "1" } } });

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.OriginalString.ShouldBe(path == "/" ? "/login" : "/login?returnUrl=" + Uri.EscapeDataString(path));
        (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
        live.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await live.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/theme")]
    [InlineData("/logout")]
    [InlineData("/resources/api/stop")]
    [InlineData("/")]
    public async Task Post_WithoutSession_DoesNothing(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Put("api");
        using var browser = dashboard.Browser();

        using var answer = await browser.PostAsync(path, new FormUrlEncodedContent([new("theme", "dark")]));

        answer.Headers.Location!.OriginalString.ShouldBe("/login");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        dashboard.Commands.Given.ShouldBeEmpty();
    }

    [Fact]
    public async Task TelemetryApi_WithoutKey_Is401AndNoSignInPage()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();

        foreach (var path in new[] { "/api/telemetry/traces", "/api/telemetry/no-such", "/api/other" })
        {
            using var answer = await browser.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Theory]
    [InlineData(StartedDashboard.Token)]
    [InlineData(StartedDashboard.ApiKey)]
    public async Task Login_RightToken_OpensAndTokenLeavesTheAddress(string token)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();

        using var answer = await browser.GetAsync($"/login?t={token}&returnUrl=%2Ftraces%3Ftext%3Da");

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.OriginalString.ShouldBe("/traces?text=a");
        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldContain($"imageaspire-dashboard-{dashboard.Address.Port}=");
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Login_WrongToken_Is401WithoutCookie()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();

        using var byAddress = await browser.GetAsync("/login?t=wrong");
        using var byForm = await browser.PostAsync("/login", new FormUrlEncodedContent([new("token", StartedDashboard.OtlpKey)]));

        foreach (var answer in new[] { byAddress, byForm })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
            (await answer.Content.ReadAsStringAsync()).ShouldContain("not known here");
        }
    }

    [Fact]
    public async Task Login_ManyWrongTokens_AreSlowedEvenWhenTheLastIsRight()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();
        using var signedIn = await dashboard.SignedInAsync();

        await Eventually.TrueAsync(async () => (await browser.GetAsync("/login?t=wrong")).StatusCode == HttpStatusCode.TooManyRequests);
        // The limit lets one a second through: of a burst of right ones, most are not looked at.
        var burst = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => browser.GetAsync(dashboard.SignInAddress)));

        burst.Count(one => one.StatusCode == HttpStatusCode.TooManyRequests).ShouldBeGreaterThan(0);
        (await signedIn.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK); // who is in stays in
        await Eventually.TrueAsync(async () => (await browser.GetAsync(dashboard.SignInAddress)).StatusCode == HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("\\\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil")]
    public async Task Login_ReturnAddressElsewhere_GoesHome(string address)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();

        using var answer = await browser.GetAsync($"/login?t={StartedDashboard.Token}&returnUrl={Uri.EscapeDataString(address)}");

        answer.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Fact]
    public async Task Login_ReturnAddress_IsTextInTheForm()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();

        var page = await browser.GetStringAsync("/login?returnUrl=" + Uri.EscapeDataString("/\"><script>alert(1)</script>"));

        page.ShouldNotContain("<script>alert");
    }

    [Fact]
    public async Task Logout_EndsTheSessionOnTheServer()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();
        using var signIn = await browser.GetAsync(dashboard.SignInAddress);
        var cookie = signIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        using var answer = await browser.PostAsync("/logout", await Forms.OfAsync(browser));

        answer.Headers.Location!.OriginalString.ShouldBe("/login");
        using var thief = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = dashboard.Address };
        using var again = await thief.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Cookie", cookie } } });
        again.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Link_FromAnotherSite_IsFollowedFromAPageOfOurs()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using var browser = dashboard.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/traces/detail/abc?spanId=1");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");

        using var answer = await browser.SendAsync(request); // the browser has withheld the cookie
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var next = answer.Headers.GetValues("Refresh").Single().Split("url=")[1];
        using var signedIn = await dashboard.SignedInAsync();
        using var followed = await signedIn.GetAsync(next);

        followed.Headers.Location!.OriginalString.ShouldBe("/traces/detail/abc?spanId=1");
    }

    [Fact]
    public async Task Sessions_TwoDashboards_HaveCookiesOfTheirOwn()
    {
        await using var one = await StartedDashboard.StartAsync();
        await using var other = await StartedDashboard.StartAsync();
        using var browser = await one.SignedInAsync();

        using var answer = await browser.GetAsync(new Uri(other.Address, "/"));

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
