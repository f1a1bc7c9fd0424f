using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Webhooks;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

public sealed partial class WebhooksTests : IAsyncDisposable
{
    private const string Path = "/api/webhooks";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ApiHost _host = new(services => services.AddSingleton<ResolveHost>(ResolveAsync));

    private IWebhookStore Webhooks => _host.Services.GetRequiredService<IWebhookStore>();

    private IWebhookDeliveries Deliveries => _host.Services.GetRequiredService<IWebhookDeliveries>();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Create_Webhook_ShowsItsSecretThisOnce()
    {
        using var answer = await PostAsync(Path, """{ "url": "https://example.com/hook?x=1", "types": ["image.failed", "image.failed", "image.deleted"] }""");

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var made = await answer.ReadAsync<WebhookDto>();
        answer.Headers.Location!.ToString().ShouldBe($"{Path}/{Id(made)}");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        made.Secret.ShouldBe((await Webhooks.GetAsync(Id(made), None))!.Secret);
        made.Url.ShouldBe("https://example.com/hook?x=1");
        made.Types.ShouldBe(["image.failed", "image.deleted"]);
        made.Enabled.ShouldBeTrue();
        made.CreatedBy.ShouldBe("all");

        var read = await _host.Client.GetStringAsync($"{Path}/{Id(made)}");
        read.ShouldNotContain("whsec_");
        read.ShouldNotContain("ecret");
        (await _host.Client.GetStringAsync(Path)).ShouldBe($$"""{"items":[{{read}}]}""");
    }

    [Fact]
    public async Task Create_WithoutTypes_WantsAll() => (await CreateAsync()).Types
        .ShouldBe(["image.analyzed", "image.rejected", "image.failed", "image.deleted", "image.restored", "image.purged"]);

    [Theory]
    [InlineData("""{ }""", "invalid-url", "missing")]
    [InlineData("""{ "url": null }""", "invalid-url", "characters")]
    [InlineData("""{ "url": "/hook" }""", "invalid-url", "http")]
    [InlineData("""{ "url": "example.com/hook" }""", "invalid-url", "absolute")]
    [InlineData("""{ "url": "ftp://example.com/" }""", "invalid-url", "'ftp:'")]
    [InlineData("""{ "url": "javascript:alert(1)" }""", "invalid-url", "https://")]
    [InlineData("""{ "url": "https://me:secret@example.com/" }""", "invalid-url", "password")]
    [InlineData("""{ "url": "https://example.com/#part" }""", "invalid-url", "fragment")]
    [InlineData("""{ "url": "https://example.com/", "types": ["image.exploded"] }""", "unknown-event-type", "'image.exploded'")]
    [InlineData("""{ "url": "https://example.com/", "types": ["image.received"] }""", "unknown-event-type", "'image.received'")]
    [InlineData("""{ "url": "https://example.com/", "types": [7] }""", "unknown-event-type", "'7'")]
    [InlineData("""{ "url": "https://example.com/", "types": [] }""", "invalid-parameter", "types")]
    [InlineData("""{ "url": "https://example.com/", "types": "image.failed" }""", "invalid-parameter", "types")]
    [InlineData("""{ "url": "https://example.com/", "enabled": "yes" }""", "invalid-parameter", "enabled")]
    [InlineData("""{ "url": "https://example.com/", "secret": "mine" }""", "unknown-member", "'secret'")]
    [InlineData("""[]""", "malformed-json", "object")]
    [InlineData("""{ "url": """, "malformed-json", "JSON")]
    public async Task Create_WhatIsWrong_IsNamed(string body, string code, string named)
    {
        using var answer = await PostAsync(Path, body);
        await answer.ShouldBeProblemAsync(400, code);
        (await answer.ReadProblemAsync()).Detail.ShouldNotBeNull().ShouldContain(named);
        (await Webhooks.ListAsync(None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_TooLongOrNoJson_IsRefused()
    {
        await PostAsync(Path, $$"""{ "url": "https://example.com/{{new string('x', 2048)}}" }""").ShouldBeProblemAsync(400, "invalid-url");
        await PostAsync(Path, $$"""{ "url": "https://example.com/{{new string('x', 20_000)}}" }""").ShouldBeProblemAsync(413, "too-large");
        await _host.Client.PostAsync(Path, new StringContent("url=x", Encoding.UTF8, "application/x-www-form-urlencoded")).ShouldBeProblemAsync(415, "unsupported-media-type");
    }

    [Fact]
    public async Task Create_TheHundredAndFirst_IsRefused()
    {
        for (var i = 0; i < Webhook.Most; i++)
            await CreateAsync($"https://example.com/hook/{i}");
        await PostAsync(Path, """{ "url": "https://example.com/" }""").ShouldBeProblemAsync(409, "too-many-webhooks");
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/hook", "'127.0.0.1' leads to 127.0.0.1")]
    [InlineData("http://localhost/hook", "'localhost' leads to 127.0.0.1")]
    [InlineData("http://[::1]/hook", "leads to ::1")]
    [InlineData("http://2130706433/hook", "leads to 127.0.0.1")]
    [InlineData("https://inside.example/hook", "'inside.example' leads to 10.0.0.7")]
    public async Task Create_AddressThatIsNotPublic_IsRefusedWithTheSetting(string url, string named)
    {
        var id = Id(await CreateAsync());
        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Patch])
        {
            using var request = new HttpRequestMessage(method, method == HttpMethod.Post ? Path : $"{Path}/{id}") { Content = Json($$"""{ "url": "{{url}}" }""") };
            using var answer = await _host.Client.SendAsync(request);

            await answer.ShouldBeProblemAsync(400, "invalid-url");
            var detail = (await answer.ReadProblemAsync()).Detail.ShouldNotBeNull();
            detail.ShouldContain(named);
            detail.ShouldContain("Webhooks:AllowPrivateAddresses");
        }

        (await Webhooks.ListAsync(None)).ShouldHaveSingleItem().Url.ShouldBe("https://example.com/hook");
    }

    [Theory]
    [InlineData("https://nowhere.example/hook")]
    [InlineData("https://silent.example/hook")]
    public async Task Create_NameThatDoesNotResolveNow_IsAccepted(string url) => (await CreateAsync(url)).Url.ShouldBe(url);

    [Fact]
    public async Task Create_PrivateAddressesAllowed_AreNotResolved()
    {
        await using var host = new ApiHost(services => services.AddSingleton<ResolveHost>((_, _) => throw new InvalidOperationException("asked")), ("Webhooks:AllowPrivateAddresses", "true"));

        using var answer = await host.Client.PostAsync(Path, Json("""{ "url": "http://localhost/hook" }"""));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task CreateOrPatch_AddressOfAnother_IsRefusedAndNamesIt()
    {
        var (first, second) = (Id(await CreateAsync()), Id(await CreateAsync("https://example.com/other")));

        foreach (var same in (string[])["https://example.com/hook", "HTTPS://EXAMPLE.com:443/hook"])
        {
            using var again = await PostAsync(Path, $$"""{ "url": "{{same}}" }""");
            await again.ShouldBeProblemAsync(409, "duplicate-webhook");
            (await again.ReadProblemAsync()).Detail.ShouldNotBeNull().ShouldContain($"{first}");
            await _host.Client.PatchAsync($"{Path}/{second}", Json($$"""{ "url": "{{same}}" }""")).ShouldBeProblemAsync(409, "duplicate-webhook");
        }

        (await PatchAsync(first, """{ "url": "https://example.com/hook", "enabled": false }""")).Enabled.ShouldBeFalse(); // its own
        (await Webhooks.ListAsync(None)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Patch_EachMember_ChangesItAndNothingElse()
    {
        var id = Id(await CreateAsync());
        await Webhooks.ChangeAsync(id, one => one.Disable("The receiver answered 410 Gone."), None);
        (await GetAsync(id)).DisabledReason.ShouldNotBeNull().ShouldContain("410");

        (await PatchAsync(id, """{ "url": "http://other.example:8080/" }""")).Url.ShouldBe("http://other.example:8080/");
        (await PatchAsync(id, """{ "types": ["image.analyzed"] }""")).Types.Count.ShouldBe(1);
        var enabled = await PatchAsync(id, """{ "enabled": true }""");

        enabled.Enabled.ShouldBeTrue();
        enabled.DisabledReason.ShouldBeNull();
        enabled.Url.ShouldBe("http://other.example:8080/");
        (await PatchAsync(id, """{ "enabled": false }""")).Enabled.ShouldBeFalse();
        using var wrong = await _host.Client.PatchAsync($"{Path}/{id}", Json("""{ "types": ["nothing"] }"""));
        await wrong.ShouldBeProblemAsync(400, "unknown-event-type");
    }

    [Fact]
    public async Task Rotate_NewSecret_IsShownOnceAndTheOldOneKeptForADay()
    {
        var made = await CreateAsync();
        var old = made.Secret;

        using var answer = await _host.Client.PostAsync($"{Path}/{Id(made)}/rotate", null);
        var rotated = await answer.ReadAsync<WebhookDto>();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        rotated.Secret.ShouldNotBeNull().ShouldStartWith("whsec_");
        rotated.Secret.ShouldNotBe(old);
        (rotated.PreviousSecretUntil!.Value - TimeProvider.System.GetUtcNow()).ShouldBeInRange(TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        var stored = (await Webhooks.GetAsync(Id(made), None)).ShouldNotBeNull();
        (stored.Secret, stored.PreviousSecret).ShouldBe((rotated.Secret, old));
        (await GetAsync(Id(made))).Secret.ShouldBeNull();
    }

    [Fact]
    public async Task Delete_Webhook_IsGoneWithItsLog()
    {
        var id = Id(await CreateAsync());
        await FailAsync(id);

        (await _host.Client.DeleteAsync($"{Path}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await _host.Client.DeleteAsync($"{Path}/{id}").ShouldBeProblemAsync(404, "not-found");
        foreach (var path in (string[])["", "/deliveries"])
            await _host.Client.GetAsync($"{Path}/{id}{path}").ShouldBeProblemAsync(404, "not-found");
        (await Deliveries.ListAsync(id, 1, null, None)).Items.ShouldBeEmpty();
    }

    // No test depends on a name server.
    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => host switch
    {
        "inside.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.215.14"), IPAddress.Parse("10.0.0.7")]),
        "localhost" => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
        "nowhere.example" => throw new SocketException((int)SocketError.HostNotFound),
        "silent.example" => NeverAsync(cancellationToken),
        _ => Task.FromResult<IPAddress[]>([IPAddress.TryParse(host, out var address) ? address : IPAddress.Parse("93.184.215.14")]),
    };

    private static async Task<IPAddress[]> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return [];
    }

    private static Guid Id(WebhookDto one) => one.Id;

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private Task<HttpResponseMessage> PostAsync(string path, string body) => _host.Client.PostAsync(path, Json(body));

    private async Task<WebhookDto> CreateAsync(string url = "https://example.com/hook")
    {
        using var answer = await PostAsync(Path, $$"""{ "url": "{{url}}" }""");
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return await answer.ReadAsync<WebhookDto>();
    }

    private Task<WebhookDto> GetAsync(Guid id) => _host.Client.GetAsync<WebhookDto>($"{Path}/{id}");

    private async Task<WebhookDto> PatchAsync(Guid id, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/merge-patch+json");
        using var answer = await _host.Client.PatchAsync($"{Path}/{id}", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.ReadAsync<WebhookDto>();
    }

    /// <summary>A delivery that was given up, as a worker would leave it.</summary>
    private async Task<Guid> FailAsync(Guid id)
    {
        (await _host.Client.PostAsync($"{Path}/{id}/test", null)).Dispose();
        var claim = (await Deliveries.ClaimAsync(id, 1, TimeSpan.FromMinutes(1), None)).ShouldHaveSingleItem();
        await Deliveries.RecordAsync(claim, new DeliveryAttempt
        {
            Number = 8, At = TimeProvider.System.GetUtcNow(), DurationMs = 12, Status = 500, Answer = "<b>broken</b>",
        }, DeliveryState.Failed, null, None);
        return claim.Delivery.Id;
    }
}
