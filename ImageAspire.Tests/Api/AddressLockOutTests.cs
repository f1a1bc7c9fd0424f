using System.Net;
using ImageAspire.Api.Access;
using ImageAspire.Core.Access;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

/// <summary>What an address may do without a valid key, and what the audit log records of it.</summary>
public sealed class AddressLockOutTests
{
    private const string Proxy = "FORWARDEDHEADERS_ENABLED";

    [Fact]
    public async Task WrongKeys_TooMany_LockOutTheAddressForATimeAndNoRightKey()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = new ApiHost(parts => parts.AddSingleton<TimeProvider>(clock), ("Access:WrongKeys", "3"));
        using var known = host.ClientWith(ApiHost.ReadKey);
        (await known.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var newcomer = host.ClientWith(ApiHost.WriteKey);
        using var guesser = host.ClientWith("guess");
        for (var i = 0; i < 3; i++)
            await guesser.GetAsync("/api/images").ShouldBeProblemAsync(401, "wrong-key");

        using var locked = await guesser.GetAsync("/api/images");

        await locked.ShouldBeProblemAsync(429, "locked-out");
        locked.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(1));
        await newcomer.DeleteAsync($"/api/images/{Guid.NewGuid()}").ShouldBeProblemAsync(404, "not-found");
        (await known.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await newcomer.SignInAsync("guess")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        clock.Advance(TimeSpan.FromSeconds(61));
        await guesser.GetAsync("/api/images").ShouldBeProblemAsync(401, "wrong-key");
    }

    [Fact]
    public async Task WrongTokensAtSignIn_TooMany_LockOutToo()
    {
        await using var host = new ApiHost(("Access:WrongKeys", "2"));
        using var browser = host.ClientWith(null);
        for (var i = 0; i < 2; i++)
            (await browser.SignInAsync("guess")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var locked = await browser.SignInAsync("guess");

        locked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        locked.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task WrongKeys_BehindAProxy_LockOutTheClientAndNotTheProxy()
    {
        await using var host = new ApiHost(("Access:WrongKeys", "1"), (Proxy, "true"));
        using var guesser = From(host, "guess", "203.0.113.9, 198.51.100.1"); // the last one is the proxy's word
        using var neighbour = From(host, ApiHost.ReadKey, "198.51.100.2");
        using var another = From(host, ApiHost.WriteKey, "198.51.100.1");

        await guesser.GetAsync("/api/images").ShouldBeProblemAsync(401, "wrong-key");

        await guesser.GetAsync("/api/images").ShouldBeProblemAsync(429, "locked-out");
        await another.DeleteAsync($"/api/images/{Guid.NewGuid()}").ShouldBeProblemAsync(404, "not-found"); // a right key
        (await neighbour.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void KeyPoll_OutOfItsBounds_IsNamed() =>
        new AccessOptions.Validator().Validate(null, new AccessOptions { KeyPoll = TimeSpan.Zero }).Failures.ShouldHaveSingleItem().ShouldContain("Access:KeyPoll");

    [Fact]
    public async Task ForwardedFor_WithoutAProxyInTheSettings_IsNotBelieved()
    {
        await using var host = new ApiHost(("Access:WrongKeys", "1"));
        using var guesser = From(host, "guess", "198.51.100.1");
        using var again = From(host, "guess", "198.51.100.2");

        await guesser.GetAsync("/api/images").ShouldBeProblemAsync(401, "wrong-key");

        await again.GetAsync("/api/images").ShouldBeProblemAsync(429, "locked-out");
    }

    [Fact]
    public async Task CallsWithoutAKey_TooMany_AreHeldUpAndOthersAreNot()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = new ApiHost(parts => parts.AddSingleton<TimeProvider>(clock), ("Access:AnonymousRequestsPerSecond", "1"), ("Access:AnonymousBurst", "2"));
        using var anonymous = host.ClientWith(null);
        for (var i = 0; i < 2; i++)
            await anonymous.GetAsync("/api/images").ShouldBeProblemAsync(401, "missing-key");

        using var held = await anonymous.GetAsync("/api/images");

        await held.ShouldBeProblemAsync(429, "rate-limited");
        held.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await host.Client.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await anonymous.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromSeconds(1));
        await anonymous.GetAsync("/api/images").ShouldBeProblemAsync(401, "missing-key");
    }

    [Fact]
    public void Guard_MoreAddressesThanItHolds_ForgetsThoseThatDidLeast()
    {
        var anonymousCalls = new AnonymousCallLimiter(new AccessOptions { WrongKeys = 2 }, new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        var guesser = IPAddress.Parse("192.0.2.1");
        anonymousCalls.RecordWrongKey(guesser);
        anonymousCalls.RecordWrongKey(guesser).ShouldBeTrue();

        for (var i = 0; i < 25_000; i++)
            anonymousCalls.RecordWrongKey(new IPAddress(0x0a000000 + i));

        anonymousCalls.Count.ShouldBeLessThanOrEqualTo(AnonymousCallLimiter.MaxAddresses);
        anonymousCalls.IsLockedOut(guesser, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Audit_RefusedCalls_AreRecordedTogetherAndBounded()
    {
        await using var host = new ApiHost(("Access:DeniedCallsWindow", "00:00:00.050"), ("Access:WrongKeys", "0"), (Proxy, "true"));
        using var reader = host.ClientWith(ApiHost.ReadKey);
        for (var i = 0; i < 10; i++)
            await reader.GetAsync("/api/audit").ShouldBeProblemAsync(403, "missing-scope");
        using var guesser = From(host, "guess", "198.51.100.1");
        await guesser.GetAsync("/api/images?secret=yes").ShouldBeProblemAsync(401, "wrong-key");

        await Eventually.TrueAsync(async () => (await DeniedAsync(host, "reader")).Sum(one => one.Access!.Count) == 10);
        var refused = (await DeniedAsync(host, "reader"))[0].Access!;
        (refused.Status, refused.Code, refused.Call, refused.Address)
            .ShouldBe((403, "missing-scope", "GET /api/audit", "127.0.0.1"));
        await Eventually.TrueAsync(async () => (await DeniedAsync(host, AccessEvent.Anonymous)).Count == 1);
        var wrong = (await DeniedAsync(host, AccessEvent.Anonymous))[0].Access!;
        (wrong.Code, wrong.Address, wrong.Call)
            .ShouldBe(("wrong-key", "198.51.100.1", "GET /api/images"));
    }

    [Fact]
    public async Task Audit_FloodFromManyAddresses_IsAFewEntries()
    {
        await using var host = new ApiHost(("Access:DeniedCallsWindow", "01:00:00"), ("Access:WrongKeys", "0"), (Proxy, "true"));
        for (var i = 0; i < 60; i++)
        {
            using var guesser = From(host, "guess", $"198.51.100.{i}");
            await guesser.GetAsync("/api/images").ShouldBeProblemAsync(401, "wrong-key");
        }

        await host.Services.GetRequiredService<DeniedCallAudit>().StopAsync(CancellationToken.None); // writes what is left

        var entries = await DeniedAsync(host, AccessEvent.Anonymous);
        entries.Count.ShouldBe(DeniedCallAudit.MaxGroups + 1);
        entries.Sum(one => one.Access!.Count).ShouldBe(60);
    }

    private static HttpClient From(ApiHost host, string key, string forwardedFor)
    {
        var client = host.ClientWith(key);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        return client;
    }

    private static async Task<IReadOnlyList<AuditEntryDto>> DeniedAsync(ApiHost host, string actor) =>
        await host.Client.GetItemsAsync<AuditEntryDto>($"/api/audit?type=access.denied&actor={actor}&limit=200");
}
