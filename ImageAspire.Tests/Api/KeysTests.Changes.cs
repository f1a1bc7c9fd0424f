using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ImageAspire.Core.Access;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

/// <summary>Keys that change, rotate, expire and are revoked.</summary>
public sealed partial class KeysTests
{
    [Fact]
    public async Task Change_NameScopesAndExpiry_AreInForceAtOnce()
    {
        await using var host = new ApiHost();
        var (id, secret) = await host.CreateKeyAsync("camera", "read");
        using var client = host.ClientWith(secret);

        var changed = await (await PatchAsync(host.Client, id, new { name = "scanner", scopes = new[] { "operate" }, expiresAt = "2999-01-01T00:00:00Z" })).ReadAsync<KeyDto>();

        (changed.Name, changed.Scopes[0]).ShouldBe(("scanner", "operate"));
        await client.GetAsync("/api/images").ShouldBeProblemAsync(403, "missing-scope");
        (await client.GetAsync("/api/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await PatchAsync(host.Client, id, new { expiresAt = (string?)null })).ReadAsync<KeyDto>()).ExpiresAt.ShouldBeNull();
        await PatchAsync(host.Client, id, new { name = "Limited" }).ShouldBeProblemAsync(409, "name-taken");
        await PatchAsync(host.Client, id, new { expiresAt = "yesterday" }).ShouldBeProblemAsync(400, "invalid-expiry");
    }

    [Fact]
    public async Task Change_Rate_IsInForceAtOnce()
    {
        await using var host = new ApiHost();
        var (id, secret) = await host.CreateKeyAsync("camera", "read");
        using var client = host.ClientWith(secret);
        (await client.GetAsync("/api/images")).Headers.Contains("RateLimit-Limit").ShouldBeFalse();

        await PatchAsync(host.Client, id, new { requestsPerSecond = 7, burst = 9 });

        using var limited = await client.GetAsync("/api/images");
        limited.Headers.GetValues("RateLimit-Limit").ShouldBe(["7"]);
        limited.Headers.GetValues("RateLimit-Remaining").ShouldBe(["8"]);
    }

    [Fact]
    public async Task Rotate_WithAndWithoutOverlap_OldSecretWorksOrEnds()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = new ApiHost(parts => parts.AddSingleton<TimeProvider>(clock));
        var (id, first) = await host.CreateKeyAsync("camera", "read");

        var second = await RotateAsync(host, id, new { overlapSeconds = 3600 });
        foreach (var secret in (string[])[first, second])
            (await GetAsync(host, secret)).ShouldBe((200, null));
        clock.Advance(TimeSpan.FromSeconds(3601));
        (await GetAsync(host, first)).ShouldBe((401, "expired-key"));

        var third = await RotateAsync(host, id, null);
        (await GetAsync(host, second)).ShouldBe((401, "expired-key"));
        (await GetAsync(host, first)).ShouldBe((401, "wrong-key"));
        (await GetAsync(host, third)).ShouldBe((200, null));
        await host.Client.PostAsJsonAsync($"/api/keys/{id}/rotate", new { overlapSeconds = 604_801 }).ShouldBeProblemAsync(400, "invalid-parameter");
    }

    [Fact]
    public async Task Expiry_Reached_TheKeyOpensNothingAndSaysSo()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = new ApiHost(parts => parts.AddSingleton<TimeProvider>(clock));
        var answer = await (await host.Client.PostAsJsonAsync("/api/keys", new { name = "guest", scopes = new[] { "read" }, expiresAt = clock.GetUtcNow().AddHours(1) })).ReadAsync<KeyDto>();
        var secret = answer.Secret!;
        (await GetAsync(host, secret)).ShouldBe((200, null));

        clock.Advance(TimeSpan.FromHours(1));

        (await GetAsync(host, secret)).ShouldBe((401, "expired-key"));
        (await host.Client.GetAsync<KeyDto>($"/api/keys/{answer.Id}")).State.ShouldBe("expired");
    }

    [Fact]
    public async Task Revoke_Key_EndsItForEver()
    {
        await using var host = new ApiHost();
        var (id, secret) = await host.CreateKeyAsync("camera", "read");

        (await host.Client.DeleteAsync($"/api/keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await GetAsync(host, secret)).ShouldBe((401, "revoked-key"));
        (await host.Client.DeleteAsync($"/api/keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await PatchAsync(host.Client, id, new { name = "again" }).ShouldBeProblemAsync(409, "key-is-revoked");
        await host.Client.PostAsync($"/api/keys/{id}/rotate", null).ShouldBeProblemAsync(409, "key-is-revoked");
        var key = await host.Client.GetAsync<KeyDto>($"/api/keys/{id}");
        (key.State, key.RevokedBy).ShouldBe(("revoked", "all"));
    }

    [Fact]
    public async Task Session_OfAKey_EndsWithIt()
    {
        await using var host = new ApiHost();
        var (id, secret) = await host.CreateKeyAsync("person", "read");
        using var browser = await host.SignedInAsync(secret);
        (await browser.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await browser.GetAsync("/api/keys").ShouldBeProblemAsync(403, "missing-scope");

        await host.Client.DeleteAsync($"/api/keys/{id}");

        await browser.GetAsync("/api/images").ShouldBeProblemAsync(401, "missing-key");
    }

    [Fact]
    public async Task Audit_ChangesOfAKey_AreRecordedWithTheActor()
    {
        await using var host = new ApiHost();
        var (id, _) = await host.CreateKeyAsync("camera", "read");
        await PatchAsync(host.Client, id, new { name = "scanner" });
        await host.Client.PostAsync($"/api/keys/{id}/rotate", null);
        await host.Client.DeleteAsync($"/api/keys/{id}");

        var entries = (await host.Client.GetItemsAsync<AuditEntryDto>($"/api/audit?key={id}")).ToList();

        entries.Select(one => one.Type).ShouldBe(
            [AccessEventTypes.KeyRevoked, AccessEventTypes.KeyRotated, AccessEventTypes.KeyChanged, AccessEventTypes.KeyCreated]);
        entries.ShouldAllBe(one => one.Actor == "all" && one.KeyId == id);
        entries[2].Access!.Changed.ShouldNotBeNull()[0].ShouldBe("name");
        (await host.Client.GetItemsAsync<AuditEntryDto>("/api/audit?type=key.created&actor=all")).Count.ShouldBe(1);
        await host.Client.GetAsync($"/api/audit?key={id}&image={id}").ShouldBeProblemAsync(400, "invalid-parameter");
    }

    private static async Task<(int Status, string? Code)> GetAsync(ApiHost host, string secret)
    {
        using var client = host.ClientWith(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await client.GetAsync("/api/images");
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : (await answer.ReadProblemAsync()).Code);
    }

    private static async Task<string> RotateAsync(ApiHost host, Guid id, object? body)
    {
        using var answer = body is null ? await host.Client.PostAsync($"/api/keys/{id}/rotate", null) : await host.Client.PostAsJsonAsync($"/api/keys/{id}/rotate", body);
        return (await answer.ReadAsync<KeyDto>()).Secret!;
    }
}
