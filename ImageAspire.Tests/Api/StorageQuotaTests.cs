using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>The images of a key need no more than its quota.</summary>
public sealed class StorageQuotaTests : IAsyncDisposable
{
    private readonly ApiHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Upload_BeyondTheQuota_IsRefusedUntilAnImageIsErased()
    {
        var (key, client) = await KeyAsync(quotaBytes: 25_000);
        var first = await AcceptedAsync(client, seed: 1, bytes: 10_000);
        await AcceptedAsync(client, seed: 2, bytes: 10_000);

        await PostAsync(client, seed: 3, bytes: 10_000).ShouldBeProblemAsync(507, "quota-exceeded");
        _host.StagedFiles.ShouldBe(0);
        (await KeyAsync(key)).StoredBytes.ShouldBe(20_000);
        (await _host.PostRawAsync(TestImages.Jpeg(seed: 9, padTo: 100_000))).StatusCode.ShouldBe(HttpStatusCode.Accepted); // other keys are not concerned

        await _host.Client.DeleteAsync($"/api/images/{first}");
        await PostAsync(client, seed: 3, bytes: 10_000).ShouldBeProblemAsync(507, "quota-exceeded"); // what is in the trash counts
        await _host.Client.DeleteAsync($"/api/images/{first}?purge=true");

        await AcceptedAsync(client, seed: 3, bytes: 15_000); // up to the last byte
        (await KeyAsync(key)).ShouldSatisfyAllConditions(one => one.StoredBytes.ShouldBe(25_000), one => one.QuotaBytes.ShouldBe(25_000));
    }

    [Fact]
    public async Task Upload_AnnouncesTooMuch_IsRefusedBeforeItsBytesAreSent()
    {
        var (_, client) = await KeyAsync(quotaBytes: 25_000);
        var key = client.DefaultRequestHeaders.GetValues("X-API-Key").Single();

        await _host.AnnounceAsync(key, 25_001).ShouldBeProblemAsync(507, "quota-exceeded");
    }

    [Fact]
    public async Task Upload_WithoutALength_IsRefusedWhenItHasPassedTheQuota()
    {
        var (_, client) = await KeyAsync(quotaBytes: 100_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/images") { Content = Body(1, 300_000) };
        request.Headers.TransferEncodingChunked = true;

        await client.SendAsync(request).ShouldBeProblemAsync(507, "quota-exceeded");

        _host.StoredFiles.ShouldBe(0);
        using var small = new HttpRequestMessage(HttpMethod.Post, "/api/images") { Content = Body(1, 100_000) };
        small.Headers.TransferEncodingChunked = true;
        (await client.SendAsync(small)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Upload_SeveralFiles_ThoseThatFitAreKept()
    {
        var (key, client) = await KeyAsync(quotaBytes: 250_000);
        using var form = new MultipartFormDataContent
        {
            { Body(1, 100_000), "file", "fits.jpg" }, { Body(2, 200_000), "file", "large.jpg" }, { Body(3, 100_000), "file", "fits too.jpg" },
        };

        using var answer = await client.PostAsync("/api/images", form);

        (await answer.ReadAsync<PageDto<UploadItemDto>>()).Items.Select(one => (one.Status, one.Problem?.Code)).ShouldBe([(202, null), (507, "quota-exceeded"), (202, null)]);
        (await KeyAsync(key)).StoredBytes.ShouldBe(200_000);
    }

    [Fact]
    public async Task Uploads_AtTheSameTime_DoNotPassTheQuotaTogether()
    {
        var (key, client) = await KeyAsync(quotaBytes: 50_000);

        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(seed => PostAsync(client, seed, bytes: 10_000)));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted).ShouldBe(5);
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Accepted))
            await refused.ShouldBeProblemAsync(507, "quota-exceeded");
        (await KeyAsync(key)).StoredBytes.ShouldBe(50_000);
    }

    [Fact]
    public async Task ResumableUploads_AreCountedFromTheirBeginning()
    {
        var (key, client) = await KeyAsync(quotaBytes: 100_000);
        var file = File(seed: 1, bytes: 60_000);
        var upload = await client.BeginAsync(file.Length);

        await client.TusAsync("POST", "/api/uploads", ("Upload-Length", "60000")).ShouldBeProblemAsync(507, "quota-exceeded");
        await client.TusAsync("POST", "/api/uploads", ("Upload-Defer-Length", "1")).ShouldBeProblemAsync(507, "quota-exceeded"); // it may become as large as any
        await PostAsync(client, seed: 2, bytes: 50_000).ShouldBeProblemAsync(507, "quota-exceeded");

        (await client.PatchAsync(upload, 0, file)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await KeyAsync(key)).StoredBytes.ShouldBe(60_000);
        await PostAsync(client, seed: 2, bytes: 50_000).ShouldBeProblemAsync(507, "quota-exceeded");
        var other = await client.BeginAsync(40_000);
        await client.TusAsync("DELETE", other);
        await AcceptedAsync(client, seed: 2, bytes: 40_000);
    }

    [Fact]
    public async Task Quota_CanBeChangedAndRemoved_AndSurvivesANewName()
    {
        var (key, client) = await KeyAsync(quotaBytes: 10_000);
        await AcceptedAsync(client, seed: 1, bytes: 10_000);

        (await ChangeAsync(key, new { name = "renamed" })).StoredBytes.ShouldBe(10_000);
        await PostAsync(client, seed: 2, bytes: 10_000).ShouldBeProblemAsync(507, "quota-exceeded");
        (await ChangeAsync(key, new { quotaBytes = 20_000 })).QuotaBytes.ShouldBe(20_000);
        await AcceptedAsync(client, seed: 2, bytes: 10_000);
        (await ChangeAsync(key, new { quotaBytes = (long?)null })).QuotaBytes.ShouldBeNull();
        await AcceptedAsync(client, seed: 3, bytes: 10_000);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData("10 GB")]
    [InlineData(1.5)]
    public async Task Quota_NoWholeNumber_IsRefused(object quotaBytes) => await _host.Client
        .PostAsJsonAsync("/api/keys", new { name = "camera", scopes = new[] { "write" }, quotaBytes }).ShouldBeProblemAsync(400, "invalid-parameter");

    [Fact]
    public async Task Quota_OfTheConfiguration_IsForKeysWithoutOne()
    {
        await using var host = new ApiHost(("Access:QuotaBytes", "10000"), ("Access:Keys:2:QuotaBytes", "20000"), ("Access:Keys:0:QuotaBytes", "0"));
        using var answer = await host.Client.PostAsJsonAsync("/api/keys", new { name = "camera", scopes = new[] { "write" } });
        using var unlimited = await host.Client.PostAsJsonAsync("/api/keys", new { name = "other", scopes = new[] { "write" }, quotaBytes = 0 });

        (await answer.ReadAsync<KeyDto>()).QuotaBytes.ShouldBe(10_000);
        (await unlimited.ReadAsync<KeyDto>()).QuotaBytes.ShouldBeNull();
        (await host.Client.GetItemsAsync<KeyDto>("/api/keys")).ToDictionary(key => key.Name, key => key.QuotaBytes).ShouldBe(new Dictionary<string, long?>
        {
            ["all"] = null, ["reader"] = 10_000, ["writer"] = 20_000, ["limited"] = 10_000, ["camera"] = 10_000, ["other"] = null,
        }, ignoreOrder: true);
        using var writer = host.ClientWith(ApiHost.WriteKey);
        await PostAsync(writer, seed: 1, bytes: 20_001).ShouldBeProblemAsync(507, "quota-exceeded");
    }

    private async Task<(Guid Id, HttpClient Client)> KeyAsync(long quotaBytes)
    {
        using var answer = await _host.Client.PostAsJsonAsync("/api/keys", new { name = "camera", scopes = new[] { "write" }, requestsPerSecond = 0, quotaBytes });
        var key = await answer.ReadAsync<KeyDto>();
        return (key.Id, _host.ClientWith(key.Secret));
    }

    private async Task<KeyDto> KeyAsync(Guid id)
    {
        using var answer = await _host.Client.GetAsync($"/api/keys/{id}");
        return await answer.ReadAsync<KeyDto>();
    }

    private async Task<KeyDto> ChangeAsync(Guid id, object change)
    {
        using var answer = await _host.Client.PatchAsJsonAsync($"/api/keys/{id}", change);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await KeyAsync(id);
    }

    private static async Task<Guid> AcceptedAsync(HttpClient client, int seed, int bytes)
    {
        using var answer = await PostAsync(client, seed, bytes);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await answer.ReadAsync<ImageDto>()).Id;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, int seed, int bytes) => client.PostAsync("/api/images", Body(seed, bytes));

    private static ByteArrayContent Body(int seed, int bytes)
    {
        var body = new ByteArrayContent(File(seed, bytes));
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return body;
    }

    // An image of exactly so many bytes: decoders ignore what follows its end.
    private static byte[] File(int seed, int bytes)
    {
        var file = TestImages.Jpeg(seed: seed);
        var end = file.Length;
        Array.Resize(ref file, bytes);
        end.ShouldBeLessThanOrEqualTo(bytes);
        return file;
    }
}
