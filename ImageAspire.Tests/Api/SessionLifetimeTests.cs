using System.Net;
using ImageAspire.Api.Access;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>What lifetimes with a session, and who may end or begin one.</summary>
public sealed class SessionLifetimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task SignOut_EndsTheLiveFeedAndTheCookie()
    {
        await using var host = new ApiHost();
        using var browser = await host.SignedInAsync();
        using var other = await host.SignedInAsync(ApiHost.ReadKey);
        using var feed = await FollowAsync(browser);
        using var otherFeed = await FollowAsync(other);

        (await browser.SignOutAsync()).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        await EndAsync(feed);
        await browser.GetAsync("/api/images").ShouldBeProblemAsync(401, "missing-key"); // the cookie is still sent
        (await other.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.UploadAsync(1);
        (await otherFeed.ReadLineAsync().WaitAsync(Patience)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Revoking_TheKeyOfASession_EndsItsLiveFeed()
    {
        await using var host = new ApiHost();
        var (id, secret) = await host.CreateKeyAsync("person", "read");
        using var browser = await host.SignedInAsync(secret);
        using var feed = await FollowAsync(browser);

        await host.Client.DeleteAsync($"/api/keys/{id}");

        await EndAsync(feed);
    }

    [Fact]
    public async Task Time_OfASession_EndsWhatWatchesIt()
    {
        var lifetimes = new SessionLifetimes(TimeProvider.System);
        var caller = new Caller(Guid.NewGuid(), "person", [], null, new ApiKeyUsage());
        using var over = lifetimes.Track(new Session(caller, Guid.NewGuid(), TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1)));
        using var soon = lifetimes.Track(new Session(caller, Guid.NewGuid(), TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(50)));
        using var later = lifetimes.Track(new Session(caller, Guid.NewGuid(), TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(12)));

        over.Token.IsCancellationRequested.ShouldBeTrue();
        await Eventually.TrueAsync(() => soon.Token.IsCancellationRequested);
        later.Token.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task SignOut_OnAnotherInstance_EndsTheLiveFeedAndTheCookieHereToo()
    {
        using var folder = new TempFolder();
        await using var here = new ApiHost(folder);
        await using var there = new ApiHost(folder);
        using var browser = await here.SignedInAsync();
        using var feed = await FollowAsync(browser);
        using var elsewhere = there.ClientWith(null);
        elsewhere.DefaultRequestHeaders.Add("Cookie", browser.DefaultRequestHeaders.GetValues("Cookie"));

        (await elsewhere.SignOutAsync()).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        await EndAsync(feed);
        await Eventually.TrueAsync(async () => (await browser.GetAsync("/api/images")).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("cross-site", null)]
    [InlineData("same-site", null)]
    [InlineData(null, "https://elsewhere.example")]
    [InlineData(null, "null")]
    public async Task OtherSites_CannotSignInOrOut(string? site, string? origin)
    {
        await using var host = new ApiHost();
        using var browser = await host.SignedInAsync();

        using var signIn = await browser.SignInAsync(ApiHost.AllKey, site: site, origin: origin);
        await signIn.ShouldBeProblemAsync(403, "cross-site");
        signIn.Headers.Contains("Set-Cookie").ShouldBeFalse();
        using var signOut = await browser.SignOutAsync(site, origin);
        await signOut.ShouldBeProblemAsync(403, "cross-site");
        (await browser.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("same-origin", null)]
    [InlineData(null, "own")]
    [InlineData(null, null)]
    public async Task OwnPagesAndPrograms_SignIn(string? site, string? origin)
    {
        await using var host = new ApiHost();
        using var browser = host.ClientWith(null);

        using var signIn = await browser.SignInAsync(ApiHost.AllKey, site: site, origin: origin is null ? null : host.Address.GetLeftPart(UriPartial.Authority));

        signIn.StatusCode.ShouldBe(HttpStatusCode.OK);
        signIn.Headers.Contains("Set-Cookie").ShouldBeTrue();
    }

    [Fact]
    public async Task RefusedCalls_OfAKnownKey_AreAuditedWithItsId()
    {
        await using var host = new ApiHost(("Access:DeniedCallsWindow", "00:00:00.050"));
        var (id, secret) = await host.CreateKeyAsync("camera", "read");
        await host.Client.DeleteAsync($"/api/keys/{id}");
        using var camera = host.ClientWith(secret);

        await camera.GetAsync("/api/images").ShouldBeProblemAsync(401, "revoked-key");

        AuditEntryDto? entry = null;
        await Eventually.TrueAsync(async () =>
        {
            var found = await host.Client.GetItemsAsync<AuditEntryDto>($"/api/audit?key={id}&type=access.denied");
            entry = found is [var first, ..] ? first : null;
            return found.Count == 1;
        });
        (entry!.Actor, entry.KeyId, entry.Access!.Code)
            .ShouldBe(("camera", id, "revoked-key"));
    }

    private static async Task<StreamReader> FollowAsync(HttpClient browser)
    {
        var answer = await browser.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync().WaitAsync(Patience)).ShouldBe("retry: 2000");
        (await reader.ReadLineAsync().WaitAsync(Patience)).ShouldBe("");
        return reader;
    }

    private static async Task EndAsync(StreamReader feed) => (await feed.ReadLineAsync().WaitAsync(Patience)).ShouldBeNull();
}
