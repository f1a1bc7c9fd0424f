using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>Deleted images can be restored until they are purged.</summary>
public sealed class TrashTests : IAsyncDisposable
{
    private readonly ApiHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Delete_AnImage_IsGoneForReadersAndKeepsItsBytes()
    {
        var id = await UploadAsync(1);
        var stored = _host.StoredFiles;

        (await _host.Client.DeleteAsync($"/api/images/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        foreach (var path in (string[])["", "/content", "/thumbnail", "/similar"])
            await _host.Client.GetAsync($"/api/images/{id}{path}").ShouldBeProblemAsync(404, "in-trash");
        await _host.Client.DeleteAsync($"/api/images/{id}").ShouldBeProblemAsync(404, "in-trash");
        await _host.Client.PostAsync($"/api/images/{id}/analyze", null).ShouldBeProblemAsync(404, "in-trash");
        await _host.Client.PatchAsync($"/api/images/{id}", Patch("""{"name":"b"}""")).ShouldBeProblemAsync(404, "in-trash");
        (await _host.Client.GetItemsAsync<ImageDto>("/api/images?archived=all")).ShouldBeEmpty();
        (await _host.Client.GetItemsAsync<TagCountDto>("/api/tags")).ShouldBeEmpty();
        _host.StoredFiles.ShouldBe(stored);
    }

    [Fact]
    public async Task Trash_List_HasWhoWhenAndUntilWhenNewestDeletionFirst()
    {
        var (first, second) = (await UploadAsync(1), await UploadAsync(2));
        foreach (var id in (Guid[])[second, first])
            await _host.Client.DeleteAsync($"/api/images/{id}");

        var page = await _host.Client.GetAsync<PageDto<ImageDto>>("/api/trash?limit=1");
        var rest = await _host.Client.GetAsync<PageDto<ImageDto>>($"/api/trash?limit=1&cursor={page.Next}");

        var image = page.Items.ShouldHaveSingleItem();
        (image.Id, image.DeletedBy).ShouldBe((first, "all"));
        (image.PurgeAt - image.DeletedAt).ShouldBe(TimeSpan.FromDays(30));
        (rest.Items.ShouldHaveSingleItem().Id, rest.Next).ShouldBe((second, null));
        await _host.Client.GetAsync("/api/trash?cursor=x").ShouldBeProblemAsync(400, "invalid-cursor");
        await _host.Client.GetAsync("/api/trash?limit=0").ShouldBeProblemAsync(400, "invalid-limit");
    }

    [Fact]
    public async Task Restore_AnImage_IsThereAsBefore()
    {
        var id = await UploadAsync(1);
        await _host.Client.DeleteAsync($"/api/images/{id}");

        using var answer = await _host.Client.PostAsync($"/api/images/{id}/restore", null);

        var restored = await answer.ReadAsync<ImageDto>();
        (restored.Version, restored.Status, restored.DeletedAt, restored.DeletedBy, restored.PurgeAt).ShouldBe((5, "analyzed", null, null, null));
        answer.Headers.ETag!.Tag.ShouldBe("\"5\"");
        (await _host.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(TestImages.Jpeg(seed: 1));
        (await _host.Client.GetItemsAsync<TagCountDto>("/api/tags")).ShouldHaveSingleItem().Value.ShouldBe("zebra");
        (await _host.Client.GetItemsAsync<ImageDto>("/api/trash")).ShouldBeEmpty();
        (await _host.Client.PostAsync($"/api/images/{id}/restore", null)).StatusCode.ShouldBe(HttpStatusCode.OK); // a second time is harmless
        await _host.Client.PostAsync($"/api/images/{Guid.NewGuid()}/restore", null).ShouldBeProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Restore_ByAKeyThatOnlyWrites_HasNoBody()
    {
        var id = await UploadAsync(1);
        using var writer = _host.ClientWith(ApiHost.WriteKey);
        await writer.DeleteAsync($"/api/images/{id}");

        (await writer.PostAsync($"/api/images/{id}/restore", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await writer.GetAsync("/api/trash").ShouldBeProblemAsync(403, "missing-scope");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_WithPurge_ErasesAtOnceAlsoFromTheTrash(bool fromTrash)
    {
        var id = await UploadAsync(1);
        if (fromTrash)
            await _host.Client.DeleteAsync($"/api/images/{id}");

        using var stale = new HttpRequestMessage(HttpMethod.Delete, $"/api/images/{id}?purge=true");
        stale.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        await _host.Client.SendAsync(stale).ShouldBeProblemAsync(412, "stale-version");
        (await _host.Client.DeleteAsync($"/api/images/{id}?purge=true")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        _host.StoredFiles.ShouldBe(0);
        await _host.Client.GetAsync($"/api/images/{id}").ShouldBeProblemAsync(404, "not-found");
        await _host.Client.PostAsync($"/api/images/{id}/restore", null).ShouldBeProblemAsync(404, "not-found");
        await _host.Client.DeleteAsync($"/api/images/{id}?purge=true").ShouldBeProblemAsync(404, "not-found");
        await _host.Client.DeleteAsync($"/api/images/{id}?purge=maybe").ShouldBeProblemAsync(400, "invalid-parameter");
    }

    [Fact]
    public async Task Upload_OfTheSameBytes_RestoresTheImage()
    {
        var id = await UploadAsync(1);
        await _host.Client.DeleteAsync($"/api/images/{id}");

        using var answer = await _host.PostRawAsync(TestImages.Jpeg(seed: 1), name: "again.jpg");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var restored = await answer.ReadAsync<ImageDto>();
        (restored.Id, restored.Duplicate, restored.Name, restored.DeletedAt).ShouldBe((id, true, "photo.jpg", null));
        (await _host.Client.GetItemsAsync<ImageDto>("/api/images")).ShouldHaveSingleItem().Id.ShouldBe(id);
    }

    [Fact]
    public async Task Upload_OfTheSameBytesWhoseCopyIsLost_RestoresTheImageWithThem()
    {
        var id = await UploadAsync(1);
        await _host.Client.DeleteAsync($"/api/images/{id}");
        await _host.Blobs.DeleteAsync((await _host.Catalog.GetWithTrashAsync(id, CancellationToken.None))!.BlobName, CancellationToken.None);

        (await _host.PostRawAsync(TestImages.Jpeg(seed: 1))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await _host.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(TestImages.Jpeg(seed: 1));
    }

    [Fact]
    public async Task Thumbnail_InTheTrash_IsForWhoeverMayDelete()
    {
        var id = await UploadAsync(1);
        var address = $"/api/trash/{id}/thumbnail";
        await StoreThumbnailAsync(id);
        await _host.Client.GetAsync(address).ShouldBeProblemAsync(404, "not-found"); // not in the trash

        await _host.Client.DeleteAsync($"/api/images/{id}");

        (await _host.Client.GetByteArrayAsync(address)).ShouldBe([1, 2, 3]);
        using var reader = _host.ClientWith(ApiHost.ReadKey);
        await reader.GetAsync(address).ShouldBeProblemAsync(403, "missing-scope");
        await reader.GetAsync($"/api/images/{id}/thumbnail").ShouldBeProblemAsync(404, "in-trash");
    }

    private async Task<Guid> UploadAsync(int seed)
    {
        var id = await _host.UploadAsync(seed);
        await _host.AnalyzeAsync(id, "zebra");
        return id;
    }

    private async Task StoreThumbnailAsync(Guid id)
    {
        var record = (await _host.Catalog.GetAsync(id, CancellationToken.None))!;
        await using var staged = await _host.Blobs.StageAsync(CancellationToken.None);
        await staged.Content.WriteAsync(new byte[] { 1, 2, 3 });
        await staged.CommitAsync(BlobNames.Thumbnail(record.Sha256, id, 256, "image/webp"), "image/webp", CancellationToken.None);
        await _host.TransitionAsync(id, current => ImageLifecycle.AnalyzeAgain(current, Samples.Someone)! with
        {
            After = current with { Version = current.Version + 1, Thumbnails = [new ThumbnailInfo(256, 10, 10, "image/webp", 3)] },
        });
    }

    private static StringContent Patch(string json) => new(json, System.Text.Encoding.UTF8, "application/merge-patch+json");
}
