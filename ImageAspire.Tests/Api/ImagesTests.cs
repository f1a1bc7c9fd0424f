using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

public sealed class ImagesTests
{
    [Fact]
    public async Task List_Pages_ShowEveryImageOnceNewestFirst()
    {
        await using var host = new ApiHost();
        var ids = new List<Guid>();
        for (var seed = 0; seed < 7; seed++)
            ids.Add(await host.UploadAsync(seed));

        var seen = new List<Guid>();
        string? next = null;
        do
        {
            var page = await host.Client.GetAsync<PageDto<ImageDto>>("/api/images?limit=3" + (next is null ? "" : $"&cursor={next}"));
            seen.AddRange(page.Items.Select(item => item.Id));
            next = page.Next;
        }
        while (next is not null);

        seen.ShouldBe(ids.AsEnumerable().Reverse(), ignoreOrder: true);
        seen.Count.ShouldBe(7);
    }

    [Fact]
    public async Task List_Filters_FindWhatTheySay()
    {
        await using var host = new ApiHost();
        var beach = await host.UploadAsync(1, "Beach.jpg");
        var city = await host.UploadAsync(2, "City.jpg");
        await host.AnalyzeAsync(beach, "sand", "blue");

        (await IdsAsync(host, "?tag=SAND")).ShouldBe([beach]);
        (await IdsAsync(host, "?q=bea")).ShouldBe([beach]);
        (await IdsAsync(host, "?status=received")).ShouldBe([city]);
        (await IdsAsync(host, "?from=2999-01-01T00:00:00Z")).ShouldBeEmpty();
        (await IdsAsync(host, "?to=2999-01-01T00:00:00Z&sort=name")).ShouldBe([beach, city]);
        (await IdsAsync(host, "?q=%22%20OR%20*")).ShouldBeEmpty();
        await host.Client.PatchAsync($"/api/images/{city}", Patch("""{"archived":true}"""));
        (await IdsAsync(host, "")).ShouldBe([beach]);
        (await IdsAsync(host, "?archived=true")).ShouldBe([city]);
        (await IdsAsync(host, "?archived=all")).Count.ShouldBe(2);
        var tags = await host.Client.GetAsync<PageDto<TagCountDto>>("/api/tags");
        tags.Items.ShouldBe([new("sand", 1, "content"), new("blue", 1, "color")]);
    }

    [Theory]
    [InlineData("limit=0", "invalid-limit")]
    [InlineData("limit=-1", "invalid-limit")]
    [InlineData("limit=10000", "invalid-limit")]
    [InlineData("limit=ten", "invalid-limit")]
    [InlineData("cursor=from-nowhere", "invalid-cursor")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAA", "invalid-cursor")]
    [InlineData("status=happy", "invalid-parameter")]
    [InlineData("status=1", "invalid-parameter")]
    [InlineData("sort=random", "invalid-parameter")]
    [InlineData("from=yesterday", "invalid-parameter")]
    [InlineData("archived=maybe", "invalid-parameter")]
    public async Task List_BadParameter_Is400WithItsCode(string query, string code)
    {
        await using var host = new ApiHost();

        await host.Client.GetAsync($"/api/images?{query}").ShouldBeProblemAsync(400, code);
    }

    [Fact]
    public async Task List_NothingChanged_Is304_UntilSomethingDoes()
    {
        await using var host = new ApiHost();
        await host.UploadAsync(1);
        using var first = await host.Client.GetAsync("/api/images");
        first.Headers.ETag!.IsWeak.ShouldBeTrue();

        (await GetAsync(host, "/api/images", first.Headers.ETag)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        await host.UploadAsync(2);
        (await GetAsync(host, "/api/images", first.Headers.ETag)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task List_ChangedByAnotherProcess_IsSeenThroughItsEvent()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        (await IdsAsync(host, "?status=received")).ShouldBe([id]);

        await host.AnalyzeAsync(id); // past the Api, as the Worker does

        await Eventually.TrueAsync(async () => (await IdsAsync(host, "?status=received")).Count == 0);
    }

    [Fact]
    public async Task Get_OneImage_HasAStrongETag()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        using var answer = await host.Client.GetAsync($"/api/images/{id}");

        answer.Headers.ETag!.ToString().ShouldBe("\"1\"");
        (await GetAsync(host, $"/api/images/{id}", answer.Headers.ETag)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        await host.Client.GetAsync($"/api/images/{Guid.NewGuid()}").ShouldBeProblemAsync(404, "not-found");
        await host.Client.GetAsync("/api/images/nonsense").ShouldBeProblemAsync(404, "not-found");
    }

    private static async Task<List<Guid>> IdsAsync(ApiHost host, string query) =>
        [.. (await host.Client.GetItemsAsync<ImageDto>($"/api/images{query}")).Select(item => item.Id)];

    private static Task<HttpResponseMessage> GetAsync(ApiHost host, string path, EntityTagHeaderValue tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(tag);
        return host.Client.SendAsync(request);
    }

    private static StringContent Patch(string json) => new(json, Encoding.UTF8, "application/merge-patch+json");
}
