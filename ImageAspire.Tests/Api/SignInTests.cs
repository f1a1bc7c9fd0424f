using System.Net;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

/// <summary>Signing in and out: what other sites cannot do, and what a restart does not undo.</summary>
public sealed class SignInTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SignedOutCookie_AfterARestartOfTheApi_StaysRefused()
    {
        string cookie;
        await using (var host = new ApiHost(_folder))
        {
            using var browser = await host.SignedInAsync();
            cookie = browser.DefaultRequestHeaders.GetValues("Cookie").Single();
            (await browser.SignOutAsync()).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }

        await using var restarted = new ApiHost(_folder);
        using var thief = restarted.ClientWith(null);
        thief.DefaultRequestHeaders.Add("Cookie", cookie);
        await thief.GetAsync("/api/images").ShouldBeProblemAsync(401, "missing-key");
    }

    [Fact]
    public async Task Cookies_OfTheSameMoment_DifferAndEndAlone()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = new ApiHost(parts => parts.AddSingleton<TimeProvider>(clock));
        using var one = await host.SignedInAsync();
        using var other = await host.SignedInAsync();

        (await one.SignOutAsync()).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        await one.GetAsync("/api/images").ShouldBeProblemAsync(401, "missing-key");
        (await other.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("none")]
    public async Task Get_WithASecret_SignsNobodyIn(string site)
    {
        await using var host = new ApiHost();
        using var browser = host.ClientWith(null);

        using var page = await browser.OpenAsync($"/signin?token={ApiHost.AllKey}", site);

        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Link_PostedByItsPage_SignsInOnceOnAnyInstance()
    {
        await using var host = new ApiHost(_folder);
        await using var other = new ApiHost(_folder);
        var token = ApiHost.LinkToken(TimeProvider.System.GetUtcNow().AddMinutes(15));
        using var browser = host.ClientWith(null);
        (await (await browser.OpenAsync($"/signin?token={token}", "none")).Content.ReadAsStringAsync()).ShouldContain("/js/signin.js");
        (await (await browser.OpenAsync($"/signin?token={token}", "same-site")).Content.ReadAsStringAsync()).ShouldNotContain("/js/signin.js"); // waits for a click
        (await browser.GetAsync("/js/signin.js")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var signedIn = await browser.SignInAsync(token);

        browser.DefaultRequestHeaders.Add("Cookie", ApiHost.Cookie(signedIn));
        (await browser.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.OpenAsync($"/signin?token={token}", "none")).Headers.Location!.ToString().ShouldBe("/"); // the same link once more
        using var thief = other.ClientWith(null);
        using var again = await thief.SignInAsync(token);
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        again.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Link_TooLate_SignsNobodyInAndIsNoWrongTry()
    {
        await using var host = new ApiHost(("Access:WrongKeys", "1"));
        using var browser = host.ClientWith(null);
        for (var i = 0; i < 3; i++)
        {
            using var late = await browser.SignInAsync(ApiHost.LinkToken(TimeProvider.System.GetUtcNow().AddSeconds(-1)));
            late.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Link_AsASession_IsWorthNothing()
    {
        await using var host = new ApiHost();
        using var browser = host.ClientWith(null);
        browser.DefaultRequestHeaders.Add("Cookie", $"imageaspire-session={ApiHost.LinkToken(TimeProvider.System.GetUtcNow().AddMinutes(15))}");

        await browser.GetAsync("/api/images").ShouldBeProblemAsync(401, "missing-key");
    }

    [Fact]
    public async Task StoreAway_ASessionInUseGoesOn_AndANewOneWaits()
    {
        var store = new SpentTokensThatCanBeAway();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = new ApiHost(parts => parts.AddSingleton<TimeProvider>(clock).AddSingleton<ISpentTokenStore>(store));
        using var inUse = await host.SignedInAsync();
        using var fresh = await host.SignedInAsync();
        (await inUse.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);

        store.IsAway = true;
        clock.Advance(TimeSpan.FromMinutes(1));

        (await inUse.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await fresh.GetAsync("/api/images").ShouldBeProblemAsync(503, "storage-unavailable");
        (await fresh.GetAsync("/signin")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ImagesOfAnotherSite_WithWrongSecrets_LockNobodyOut()
    {
        await using var host = new ApiHost(("Access:WrongKeys", "3"), ("Access:AnonymousBurst", "5"), ("Access:AnonymousRequestsPerSecond", "1"));
        using var browser = host.ClientWith(null);
        for (var i = 0; i < 10; i++)
            (await browser.OpenAsync("/signin?token=x", "cross-site")).Dispose();
        for (var i = 0; i < 10; i++)
            (await browser.SignInAsync("x", site: "cross-site")).Dispose();

        using var signedIn = await browser.SignInAsync(ApiHost.AllKey);

        signedIn.StatusCode.ShouldBe(HttpStatusCode.OK);
        ApiHost.Cookie(signedIn).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task RightSecret_WhileTheAddressIsLockedOut_IsNotRefused()
    {
        await using var host = new ApiHost(("Access:WrongKeys", "2"), ("Access:AnonymousBurst", "3"), ("Access:AnonymousRequestsPerSecond", "1"));
        using var browser = host.ClientWith(null);
        for (var i = 0; i < 5; i++)
            (await browser.SignInAsync("guess")).Dispose();
        (await browser.SignInAsync("guess")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        (await browser.SignInAsync(ApiHost.AllKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var newcomer = host.ClientWith(ApiHost.WriteKey);
        await newcomer.DeleteAsync($"/api/images/{Guid.NewGuid()}").ShouldBeProblemAsync(404, "not-found");
    }

    private sealed class SpentTokensThatCanBeAway : ISpentTokenStore
    {
        public bool IsAway { get; set; }

        public Task<bool> SpendAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken) => Answer(true);

        public Task<IReadOnlySet<Guid>> FindSpentAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => Answer<IReadOnlySet<Guid>>(new HashSet<Guid>());

        private Task<T> Answer<T>(T answer) => IsAway ? Task.FromException<T>(new StoreUnavailableException("away")) : Task.FromResult(answer);
    }
}
