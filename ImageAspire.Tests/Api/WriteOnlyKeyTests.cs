using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>A key with the scope <c>write</c> alone changes images, and learns nothing of what is on their records.</summary>
public sealed class WriteOnlyKeyTests : IAsyncDisposable
{
    private const string Sent = "mine.jpg";
    private readonly ApiHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Patch_WithoutRead_Is204WithTheETagAndNoRecord()
    {
        var id = await _host.UploadAsync(1);
        using var writer = _host.ClientWith(ApiHost.WriteKey);

        using var changed = await PatchAsync(writer, id, """{"name":"new.jpg"}""");

        changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await changed.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        var record = await _host.Client.GetAsync<ImageDto>($"/api/images/{id}");
        (record.Name, changed.Headers.ETag!.Tag).ShouldBe(("new.jpg", $"\"{record.Version}\""));
        using var empty = await PatchAsync(writer, id, "{}");
        (await empty.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        using var read = await PatchAsync(_host.Client, id, "{}");
        (read.StatusCode, (await read.ReadAsync<ImageDto>()).Name).ShouldBe((HttpStatusCode.OK, "new.jpg"));
    }

    [Fact]
    public async Task Analyze_WithoutRead_Is202WithTheETagAndNoRecord()
    {
        var id = await _host.UploadAsync(1);
        await _host.AnalyzeAsync(id, "beach");
        using var writer = _host.ClientWith(ApiHost.WriteKey);

        using var answer = await writer.PostAsync($"/api/images/{id}/analyze", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.ETag.ShouldNotBeNull();
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_OfAnImageOfAnotherKey_AnswersWhatTheUploaderKnows()
    {
        var id = await _host.UploadAsync(1, "secret name.jpg");
        await _host.AnalyzeAsync(id, "beach");
        using var writer = _host.ClientWith(ApiHost.WriteKey);

        using var answer = await UploadAsync(writer);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Location!.ToString().ShouldBe($"/api/images/{id}");
        ShouldBeUnknown(await answer.ReadAsync<ImageDto>(), id);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(TestImages.Jpeg(seed: 1)), "file", Sent }, { new ByteArrayContent(TestImages.Jpeg(seed: 2)), "file", "new.jpg" } };
        using var several = await writer.PostAsync("/api/images", form);
        var items = (await several.ReadAsync<PageDto<UploadItemDto>>()).Items;
        (items[0].Status, items[0].Duplicate).ShouldBe((200, true));
        ShouldBeUnknown(items[0].Image!, id);
        (items[1].Status, items[1].Image!.UploadedBy).ShouldBe((202, "writer"));
    }

    [Fact]
    public async Task Upload_OfItsOwnImage_IsNamedAsItsOwn()
    {
        using var writer = _host.ClientWith(ApiHost.WriteKey);
        using var first = await UploadAsync(writer);
        var image = await first.ReadAsync<ImageDto>();
        await _host.AnalyzeAsync(image.Id, "beach");

        using var again = await UploadAsync(writer);

        var answer = await again.ReadAsync<ImageDto>();
        (answer.UploadedBy, answer.UploadedByKey, answer.Duplicate).ShouldBe(("writer", image.UploadedByKey, true));
        answer.Analysis.ShouldBeNull();
    }

    private static void ShouldBeUnknown(ImageDto answer, Guid id)
    {
        (answer.Id, answer.Status, answer.Name).ShouldBe((id, "analyzed", Sent));
        (answer.UploadedBy, answer.UploadedByKey, answer.TraceId, answer.Width, answer.Analysis).ShouldBe(("", null, null, null, null));
    }

    private static Task<HttpResponseMessage> PatchAsync(HttpClient client, Guid id, string body) =>
        client.PatchAsync($"/api/images/{id}", new StringContent(body, Encoding.UTF8, "application/merge-patch+json"));

    private static Task<HttpResponseMessage> UploadAsync(HttpClient client)
    {
        var body = new ByteArrayContent(TestImages.Jpeg(seed: 1));
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        body.Headers.Add("X-File-Name", Sent);
        return client.PostAsync("/api/images", body);
    }
}
