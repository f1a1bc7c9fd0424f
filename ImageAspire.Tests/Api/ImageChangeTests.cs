using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>Changing, deleting and analyzing one image again.</summary>
public sealed class ImageChangeTests
{
    [Fact]
    public async Task Patch_NameAndTags_ChangesThemAndTheVersion()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        using var answer = await host.Client.PatchAsync($"/api/images/{id}", Patch("""{"name":"New.jpg","tags":["Holiday"," sea ","holiday"],"archived":true}"""));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = await answer.ReadAsync<ImageDto>();
        record.Name.ShouldBe("New.jpg");
        record.Tags!.ShouldBe(["holiday", "sea"]);
        record.ArchivedAt.ShouldNotBeNull();
        answer.Headers.ETag!.Tag.ShouldBe("\"2\"");
        using var cleared = await host.Client.PatchAsync($"/api/images/{id}", Patch("""{"tags":null,"archived":false}"""));
        (await cleared.ReadAsync<ImageDto>()).Tags.ShouldBe([]);
    }

    [Theory]
    [InlineData("{", "malformed-json")]
    [InlineData("[]", "malformed-json")]
    [InlineData("{\"width\":5}", "unknown-member")]
    [InlineData("{\"name\":5}", "invalid-name")]
    [InlineData("{\"name\":\"\"}", "invalid-name")]
    [InlineData("{\"name\":null}", "invalid-name")]
    [InlineData("{\"tags\":\"x\"}", "invalid-tags")]
    [InlineData("{\"tags\":[1]}", "invalid-tags")]
    [InlineData("{\"tags\":[\"a\\u0000b\"]}", "invalid-tags")]
    [InlineData("{\"archived\":\"yes\"}", "invalid-parameter")]
    public async Task Patch_BadBody_Is400WithItsCodeAndChangesNothing(string body, string code)
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        await host.Client.PatchAsync($"/api/images/{id}", Patch(body)).ShouldBeProblemAsync(400, code);

        (await host.Catalog.GetAsync(id, CancellationToken.None))!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task PatchAndDelete_StaleVersion_Are412()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        await host.Client.PatchAsync($"/api/images/{id}", Patch("""{"name":"b"}"""));

        using var patch = new HttpRequestMessage(HttpMethod.Patch, $"/api/images/{id}") { Content = Patch("""{"name":"c"}""") };
        patch.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        await host.Client.SendAsync(patch).ShouldBeProblemAsync(412, "stale-version");
        using var delete = new HttpRequestMessage(HttpMethod.Delete, $"/api/images/{id}");
        delete.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        await host.Client.SendAsync(delete).ShouldBeProblemAsync(412, "stale-version");
        using var good = new HttpRequestMessage(HttpMethod.Delete, $"/api/images/{id}");
        good.Headers.IfMatch.Add(new EntityTagHeaderValue("\"2\""));
        (await host.Client.SendAsync(good)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Delete_WithoutATrash_TakesTheBytesWithIt()
    {
        await using var host = new ApiHost(("Api:TrashPeriod", "0"));
        var id = await host.UploadAsync(1);

        (await host.Client.DeleteAsync($"/api/images/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await host.Client.DeleteAsync($"/api/images/{id}").ShouldBeProblemAsync(404, "not-found");
        host.StoredFiles.ShouldBe(0);
        (await IdsAsync(host, "")).ShouldBeEmpty();
        using var again = await host.PostRawAsync(TestImages.Jpeg(seed: 1));
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted); // the same bytes are welcome as a new image
    }

    [Fact]
    public async Task Analyze_Again_MovesBackAndRejectedIsRefused()
    {
        await using var host = new ApiHost();
        var good = await host.UploadAsync(1);
        var bad = await host.UploadAsync(2);
        await host.AnalyzeAsync(good, "x");
        await host.TransitionAsync(bad, record => ImageLifecycle.Reject(record, Samples.Why, Cause.Now("test", TimeProvider.System)));

        using var answer = await host.Client.PostAsync($"/api/images/{good}/analyze", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.ReadAsync<ImageDto>()).Status.ShouldBe("inspected");
        await host.Client.PostAsync($"/api/images/{bad}/analyze", null).ShouldBeProblemAsync(409, "image-rejected");
    }

    private static async Task<List<Guid>> IdsAsync(ApiHost host, string query) =>
        [.. (await host.Client.GetItemsAsync<ImageDto>($"/api/images{query}")).Select(item => item.Id)];

    private static StringContent Patch(string json) => new(json, Encoding.UTF8, "application/merge-patch+json");
}
