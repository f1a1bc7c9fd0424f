using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>API keys over HTTP.</summary>
public sealed partial class KeysTests
{
    [Fact]
    public async Task Create_Key_ItsSecretIsShownOnceAndOpensItsScopesOnly()
    {
        await using var host = new ApiHost();
        using var answer = await host.Client.PostAsJsonAsync("/api/keys", new { name = "Füße 2", scopes = new[] { "write", "read" }, expiresAt = "2999-01-01T01:00:00+01:00" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var made = await answer.ReadAsync<KeyDto>();
        var secret = made.Secret!;

        secret.ShouldMatch("^ia_[A-Za-z0-9_-]{43}$");
        var key = await (await host.Client.GetAsync(answer.Headers.Location)).ReadAsync<KeyDto>();
        key.Secret.ShouldBeNull();
        (key.Name, key.State, key.Source, key.CreatedBy)
            .ShouldBe(("Füße 2", "active", "api", "all"));
        (key.RequestsPerSecond, key.Burst).ShouldBe((200, 400));
        key.ExpiresAt.ShouldBe(new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero));
        secret.ShouldStartWith(key.Hint.ShouldNotBeNull());
        (await host.Client.GetStringAsync("/api/keys")).ShouldNotContain(secret);
        foreach (var file in Directory.GetFiles(host.DataFolder, "keys.db*"))
            Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain(secret);
        using var client = host.ClientWith(secret);
        (await client.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await client.GetAsync("/api/keys").ShouldBeProblemAsync(403, "missing-scope");
    }

    [Theory]
    [InlineData("""[]""", "malformed-json")]
    [InlineData("""{"scopes":["read"]}""", "invalid-name")]
    [InlineData("""{"name":"x"}""", "invalid-scopes")]
    [InlineData("""{"name":"x","scopes":[]}""", "invalid-scopes")]
    [InlineData("""{"name":"x","scopes":["read","root"]}""", "invalid-scopes")]
    [InlineData("""{"name":"   ","scopes":["read"]}""", "invalid-name")]
    [InlineData("""{"name":"a\u202eb","scopes":["read"]}""", "invalid-name")]
    [InlineData("""{"name":"<b>","scopes":["read"]}""", "invalid-name")]
    [InlineData("""{"name":"Gallery","scopes":["read"]}""", "invalid-name")]
    [InlineData("""{"name":"analyzeimage","scopes":["read"]}""", "invalid-name")]
    [InlineData("""{"name":"x","scopes":["read"],"requestsPerSecond":-1}""", "invalid-parameter")]
    [InlineData("""{"name":"x","scopes":["read"],"burst":0}""", "invalid-parameter")]
    [InlineData("""{"name":"x","scopes":["read"],"burst":1.5}""", "invalid-parameter")]
    [InlineData("""{"name":"x","scopes":["read"],"expiresAt":"2000-01-01T00:00:00Z"}""", "invalid-expiry")]
    [InlineData("""{"name":"x","scopes":["read"],"expiresAt":"2999-01-01T00:00:00"}""", "invalid-expiry")]
    [InlineData("""{"name":"x","scopes":["read"],"secret":"mine"}""", "unknown-member")]
    public async Task Create_Malformed_SaysWhatIsWrong(string body, string code)
    {
        await using var host = new ApiHost();
        await host.Client.PostAsync("/api/keys", new StringContent(body, Encoding.UTF8, "application/json")).ShouldBeProblemAsync(400, code);
        (await host.Client.GetStringAsync("/api/keys")).ShouldNotContain("\"api\"");
    }

    [Fact]
    public async Task Create_NameOfAnotherKey_IsRefusedUntilThatOneIsRevoked()
    {
        await using var host = new ApiHost();
        var (id, _) = await host.CreateKeyAsync("camera", "read");

        await host.Client.PostAsJsonAsync("/api/keys", new { name = "CAMERA", scopes = new[] { "read" } }).ShouldBeProblemAsync(409, "name-taken");
        await host.Client.PostAsJsonAsync("/api/keys", new { name = "Reader", scopes = new[] { "read" } }).ShouldBeProblemAsync(409, "name-taken"); // of the configuration
        (await host.Client.DeleteAsync($"/api/keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await host.CreateKeyAsync("camera", "read");

        (await NamesAsync(host, "")).Count(name => name == "camera").ShouldBe(1);
        (await NamesAsync(host, "?revoked=true")).Count(name => name == "camera").ShouldBe(2);
    }

    [Fact]
    public async Task Scopes_BeyondTheCallersOwn_AreNeitherGivenNorTakenOver()
    {
        await using var host = new ApiHost();
        var strong = await host.CreateKeyAsync("strong", "read", "write");
        using var operates = host.ClientWith((await host.CreateKeyAsync("operates", "operate")).Secret);

        await operates.PostAsJsonAsync("/api/keys", new { name = "mine", scopes = new[] { "operate", "read" } }).ShouldBeProblemAsync(403, "scope-beyond-own");
        await operates.PostAsync($"/api/keys/{strong.Id}/rotate", null).ShouldBeProblemAsync(403, "scope-beyond-own");
        await PatchAsync(operates, strong.Id, new { name = "weak" }).ShouldBeProblemAsync(403, "scope-beyond-own");
        (await operates.PostAsJsonAsync("/api/keys", new { name = "helper", scopes = new[] { "operate" } })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await operates.DeleteAsync($"/api/keys/{strong.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent); // a leaked key can be stopped by every operator
    }

    [Fact]
    public async Task Configured_Keys_AreListedAndReadOnly()
    {
        await using var host = new ApiHost();
        var configured = (await host.Client.GetItemsAsync<KeyDto>("/api/keys")).ToList();

        configured.Select(one => one.Name).ShouldBe(["all", "reader", "writer", "limited"]);
        configured.ShouldAllBe(one => one.Source == "configuration");
        configured[0].LastUsedAt.ShouldNotBeNull();
        configured[1].LastUsedAt.ShouldBeNull();
        var id = configured[1].Id;
        (await host.Client.GetAsync($"/api/keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await PatchAsync(host.Client, id, new { name = "x" }).ShouldBeProblemAsync(409, "configured-key");
        await host.Client.DeleteAsync($"/api/keys/{id}").ShouldBeProblemAsync(409, "configured-key");
        await host.Client.PostAsync($"/api/keys/{id}/rotate", null).ShouldBeProblemAsync(409, "configured-key");
    }

    private static Task<HttpResponseMessage> PatchAsync(HttpClient client, Guid id, object change) => client.PatchAsync(
        $"/api/keys/{id}", new StringContent(JsonSerializer.Serialize(change), Encoding.UTF8, "application/merge-patch+json"));

    private static async Task<List<string>> NamesAsync(ApiHost host, string query) =>
        [.. (await host.Client.GetItemsAsync<KeyDto>("/api/keys" + query)).Select(one => one.Name)];
}
