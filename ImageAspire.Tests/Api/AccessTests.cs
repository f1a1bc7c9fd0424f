using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

public sealed class AccessTests
{
    [Fact]
    public async Task Api_NoKeyOrAWrongOne_Is401WithADifferentCode()
    {
        await using var host = new ApiHost();
        using var anonymous = host.ClientWith(null);
        using var stranger = host.ClientWith("not-a-key");
        using var bearer = host.ClientWith(null);
        bearer.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiHost.ReadKey);
        using var basic = host.ClientWith(null);
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "eDp5");

        await anonymous.GetAsync("/api/images").ShouldBeProblemAsync(401, "missing-key");
        await stranger.GetAsync("/api/images").ShouldBeProblemAsync(401, "wrong-key");
        await basic.GetAsync("/api/images").ShouldBeProblemAsync(401, "wrong-key");
        (await bearer.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var open in new[] { "/alive", "/health", "/signin" })
            (await anonymous.GetAsync(open)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Api_UnknownAddressOrMethod_IsAProblemToo()
    {
        await using var host = new ApiHost();

        await host.Client.GetAsync("/api/nothing").ShouldBeProblemAsync(404, "not-found");
        await host.Client.PutAsync("/api/images", null).ShouldBeProblemAsync(405, "method-not-allowed");
    }

    [Fact]
    public async Task RateLimit_UsedUp_Is429WithRetryAfter()
    {
        await using var host = new ApiHost();
        using var limited = host.ClientWith(ApiHost.LimitedKey);

        using var first = await limited.GetAsync("/api/images");
        first.Headers.GetValues("RateLimit-Limit").ShouldBe(["5"]);
        first.Headers.GetValues("RateLimit-Remaining").ShouldBe(["2"]);
        HttpResponseMessage last;
        do
            last = await limited.GetAsync("/api/images");
        while (last.IsSuccessStatusCode);

        await last.ShouldBeProblemAsync(429, "rate-limited");
        last.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await host.Client.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK); // others are not held up
        await Eventually.TrueAsync(async () => (await limited.GetAsync("/api/images")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task SignIn_Link_OpensTheGalleryAndTheApi()
    {
        await using var host = new ApiHost();
        using var browser = host.ClientWith(null);
        using var visit = new HttpRequestMessage(HttpMethod.Get, "/");
        visit.Headers.Accept.ParseAdd("text/html");
        using var redirect = await browser.SendAsync(visit);
        redirect.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        redirect.Headers.Location!.ToString().ShouldBe("/signin");
        (await browser.SignInAsync("wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var signedIn = await browser.SignInAsync(ApiHost.LinkToken(TimeProvider.System.GetUtcNow().AddMinutes(15)));

        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        var page = await browser.GetAsync("/");
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        (await browser.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Session_ForgedOrFromAnotherSite_IsRefused()
    {
        await using var host = new ApiHost();
        using var browser = await host.SignedInAsync();
        var cookie = browser.DefaultRequestHeaders.GetValues("Cookie").Single();

        await SendAsync(host, cookie, "cross-site", "http://evil.example").ShouldBeProblemAsync(403, "cross-site");
        await SendAsync(host, cookie, null, "http://evil.example").ShouldBeProblemAsync(403, "cross-site");
        await SendAsync(host, cookie, "same-origin", null).ShouldBeProblemAsync(404, "not-found");
        await SendAsync(host, cookie[..^1] + (cookie[^1] == 'A' ? 'B' : 'A'), "same-origin", null).ShouldBeProblemAsync(401, "missing-key");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https")]
    public async Task SessionCookie_OfAnotherScheme_IsAnotherSite(string? forwarded)
    {
        await using var host = new ApiHost(("FORWARDEDHEADERS_ENABLED", forwarded is null ? "false" : "true"));
        using var browser = await host.SignedInAsync();
        var cookie = browser.DefaultRequestHeaders.GetValues("Cookie").Single();
        var (same, other) = forwarded is null ? ("http", "https") : ("https", "http");

        await SendAsync(host, cookie, null, $"{same}://{host.Address.Authority}", forwarded).ShouldBeProblemAsync(404, "not-found");
        await SendAsync(host, cookie, null, $"{other}://{host.Address.Authority}", forwarded).ShouldBeProblemAsync(403, "cross-site");
        await SendAsync(host, cookie, null, "null", forwarded).ShouldBeProblemAsync(403, "cross-site");
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiHost host, string cookie, string? site, string? origin, string? forwarded = null)
    {
        using var client = host.ClientWith(null);
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/images/{Guid.NewGuid()}");
        request.Headers.Add("Cookie", cookie);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (forwarded is not null)
        {
            request.Headers.Add("X-Forwarded-For", "198.51.100.1");
            request.Headers.Add("X-Forwarded-Proto", forwarded);
        }

        return await client.SendAsync(request);
    }
}
