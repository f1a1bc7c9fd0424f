using System.Net;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

public sealed class UploadTests
{
    [Fact]
    public async Task Post_RawBody_IsAcceptedWithItsRecordAndLocation()
    {
        await using var host = new ApiHost();

        using var answer = await host.PostRawAsync(TestImages.Png(seed: 1), "image/png", "Füße am Strand.png");

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var record = await answer.ReadAsync<ImageDto>();
        record.Name.ShouldBe("Füße am Strand.png");
        record.Status.ShouldBe("received");
        record.UploadedBy.ShouldBe("all");
        record.Duplicate.ShouldBeNull();
        record.TraceId.ShouldNotBeNull().Length.ShouldBe(32);
        answer.Headers.Location!.ToString().ShouldBe($"/api/images/{record.Id}");
        answer.Headers.ETag!.Tag.ShouldBe("\"1\"");
    }

    [Fact]
    public async Task Post_SameBytesAgain_IsTheExistingRecord()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        using var answer = await host.PostFilesAsync(("other.jpg", TestImages.Jpeg(seed: 1)));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = await answer.ReadAsync<ImageDto>();
        record.Id.ShouldBe(id);
        record.Duplicate.ShouldBe(true);
        host.StagedFiles.ShouldBe(0);
    }

    [Fact]
    public async Task Post_SameBytesOfAnImageWhoseBytesAreLost_BringsItBack()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        var record = (await host.Catalog.GetAsync(id, CancellationToken.None))!;
        await host.Blobs.DeleteAsync(record.BlobName, CancellationToken.None);
        await host.TransitionAsync(id, one => ImageLifecycle.Fail(one, Samples.Why with { Code = FailureCodes.ContentUnavailable }, Samples.Traced));

        using var answer = await host.PostRawAsync(TestImages.Jpeg(seed: 1));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await answer.ReadAsync<ImageDto>();
        (json.Id, json.Status, json.Duplicate).ShouldBe((id, "received", true));
        json.Failure.ShouldBeNull();
        (await host.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(TestImages.Jpeg(seed: 1));
    }

    [Fact]
    public async Task Post_SeveralFiles_EachHasItsOwnAnswer()
    {
        await using var host = new ApiHost(("Api:MaxImageBytes", "100000"));
        await host.UploadAsync(1);

        using var answer = await host.PostFilesAsync(
            ("new.png", TestImages.Png(seed: 2)), ("text.jpg", "text"u8.ToArray()), ("empty.jpg", []),
            ("known.jpg", TestImages.Jpeg(seed: 1)), ("large.jpg", TestImages.Jpeg(seed: 3, padTo: 150_000)), ("last.gif", TestImages.Gif(seed: 4)));

        ((int)answer.StatusCode).ShouldBe(207);
        var items = (await answer.ReadAsync<PageDto<UploadItemDto>>()).Items;
        items.Select(item => item.Status).ShouldBe([202, 415, 400, 200, 413, 202]);
        items[1].Problem!.Code.ShouldBe("unsupported-format");
        items[3].Duplicate.ShouldBe(true);
        items[5].Image!.ContentType.ShouldBe("image/gif");
        host.StagedFiles.ShouldBe(0);
    }

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("image/png")] // lies: the bytes decide
    [InlineData("image/x-unknown")]
    [InlineData("application/octet-stream")]
    public async Task Post_UnknownOrLyingImageType_TheBytesDecide(string type)
    {
        await using var host = new ApiHost();

        using var answer = await host.PostRawAsync(TestImages.Jpeg(seed: 5), type);

        (await answer.ReadAsync<ImageDto>()).ContentType.ShouldBe("image/jpeg");
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("a\u0001b\u001b[31m.jpg", "ab[31m.jpg")]
    [InlineData("<script>alert(1)<.jpg", "<script>alert(1)<.jpg")]
    public async Task Post_HostileNames_AreData(string sent, string kept)
    {
        await using var host = new ApiHost();

        using var answer = await host.PostRawAsync(TestImages.Jpeg(), name: sent);

        (await answer.ReadAsync<ImageDto>()).Name.ShouldBe(kept);
    }

    [Fact]
    public async Task Post_NameOf300Characters_IsCut()
    {
        await using var host = new ApiHost();

        using var answer = await host.PostFilesAsync((new string('n', 300) + ".jpg", TestImages.Jpeg()));

        (await answer.ReadAsync<ImageDto>()).Name.Length.ShouldBe(200);
    }
}
