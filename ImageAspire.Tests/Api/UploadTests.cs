using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
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

    [Fact]
    public async Task Post_BadBodies_AreRefusedWithTheirCodeAndLeaveNothing()
    {
        await using var host = new ApiHost();

        await host.PostRawAsync([]).ShouldBeProblemAsync(400, "empty-file");
        await host.PostRawAsync("text, named .jpg"u8.ToArray(), name: "a.jpg").ShouldBeProblemAsync(415, "unsupported-format");
        await host.PostRawAsync("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "image/svg+xml").ShouldBeProblemAsync(415, "unsupported-format");
        await host.PostRawAsync(TestImages.Jpeg(), "text/plain").ShouldBeProblemAsync(415, "unsupported-media-type");
        using var noFile = new MultipartFormDataContent { { new StringContent("x"), "other" } };
        await host.Client.PostAsync("/api/images", noFile).ShouldBeProblemAsync(400, "no-file");
        await SendTextAsync(host, "multipart/form-data; boundary=abc", "--abc\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nhalf")
            .ShouldBeProblemAsync(400, "malformed-multipart");
        await SendTextAsync(host, "multipart/form-data", "x").ShouldBeProblemAsync(400, "malformed-multipart");

        host.StoredFiles.ShouldBe(0);
        (await host.Catalog.QueryAsync(new ImageQuery(), CancellationToken.None)).Items.ShouldBeEmpty();
        (await host.PostRawAsync(TestImages.Jpeg())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("photo", 0, "'photo'")]
    [InlineData("photo", 700_000, "'photo'")]
    [InlineData("", 0, "no name")]
    public async Task Post_FileInAPartOfAnotherName_Is400ThatSaysSoAndKeepsNothing(string name, int size, string said)
    {
        await using var host = new ApiHost();
        var part = new ByteArrayContent(TestImages.Jpeg(padTo: size));
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{name}\"; filename=\"v.jpg\"");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(TestImages.Png()), "file", "good.png" }, part };

        using var answer = await host.Client.PostAsync("/api/images", form);

        await answer.ShouldBeProblemAsync(400, "no-file");
        var detail = (await answer.ReadProblemAsync()).Detail;
        detail.ShouldContain(said);
        detail.ShouldContain("must be named 'file'");
        host.StoredFiles.ShouldBe(0);
    }

    [Theory]
    [InlineData("500", "500 bytes.")]
    [InlineData("300000", "300000 bytes (293 KiB).")]
    [InlineData("1500000", "1500000 bytes (1.4 MiB).")]
    public async Task Post_OverTheLimit_SaysTheLimitInAUnitThatFits(string limit, string said)
    {
        await using var host = new ApiHost(("Api:MaxImageBytes", limit));
        using var streamed = new StreamContent(new NoLength(TestImages.Jpeg(padTo: 1_600_000)));

        foreach (var sending in (Task<HttpResponseMessage>[])[host.PostRawAsync(TestImages.Jpeg(padTo: 1_600_000)), host.Client.PostAsync("/api/images", streamed)])
        {
            using var answer = await sending;
            answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            (await answer.ReadProblemAsync()).Detail.ShouldBe($"The file is larger than the limit of {said} Send a smaller one.");
        }
    }

    [Fact]
    public async Task Post_OneByteOver50MiB_Is413BeforeItIsRead()
    {
        await using var host = new ApiHost();
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        await using var stream = socket.GetStream();

        // Only the head is sent: an answer can only come from it.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/images HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {ApiHost.AllKey}\r\nContent-Type: image/jpeg\r\nContent-Length: {(50 << 20) + 1}\r\n\r\n"));

        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 413 Payload Too Large");
        host.StoredFiles.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_OverTheLimitWithoutSayingSo_Is413(bool multipart)
    {
        await using var host = new ApiHost(("Api:MaxImageBytes", "100000"));
        using var stream = new StreamContent(new NoLength(TestImages.Jpeg(padTo: 200_000)));
        stream.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using HttpContent body = multipart ? new MultipartFormDataContent { { stream, "file", "a.jpg" } } : stream;

        await host.Client.PostAsync("/api/images", body).ShouldBeProblemAsync(413, "too-large");

        host.StoredFiles.ShouldBe(0);
    }

    [Fact]
    public async Task Post_101Files_AreRefusedAsAWhole()
    {
        await using var host = new ApiHost();

        await host.PostFilesAsync([.. Enumerable.Range(0, 101).Select(i => ($"{i}.png", TestImages.Png(8, 8, seed: i)))])
            .ShouldBeProblemAsync(400, "too-many-files");

        host.StoredFiles.ShouldBe(0);
        using var hundred = await host.PostFilesAsync([.. Enumerable.Range(0, 100).Select(i => ($"{i}.png", TestImages.Png(8, 8, seed: i)))]);
        (await hundred.ReadAsync<PageDto<UploadItemDto>>()).Items.ShouldAllBe(item => item.Status == 202);
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

    [Fact]
    public async Task Post_ClientLeavesInMidUpload_NothingRemains()
    {
        await using var host = new ApiHost();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(host.Address.Host, host.Address.Port);
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /api/images HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {ApiHost.AllKey}\r\nContent-Type: image/jpeg\r\nContent-Length: 1000000\r\n\r\n"));
            await stream.WriteAsync(TestImages.Jpeg(padTo: 400_000));
            await Eventually.TrueAsync(() => host.StagedFiles == 1);
        }

        await Eventually.TrueAsync(() => host.StoredFiles == 0);
        (await host.PostRawAsync(TestImages.Jpeg())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Post_ClientTooSlow_IsAbortedAndLeavesNothing()
    {
        await using var host = new ApiHost();
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/images HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {ApiHost.AllKey}\r\nContent-Type: image/jpeg\r\nContent-Length: 1000000\r\n\r\n"));
        await stream.WriteAsync(TestImages.Jpeg().AsMemory(0, 100));
        await Eventually.TrueAsync(() => host.StagedFiles == 1);

        // Nothing more is sent. The server's minimum data rate ends it (5 s of grace), not this test.
        await Eventually.TrueAsync(() => host.StagedFiles == 0);

        host.StoredFiles.ShouldBe(0);
    }

    private static Task<HttpResponseMessage> SendTextAsync(ApiHost host, string type, string text)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        return host.Client.PostAsync("/api/images", body);
    }

    private sealed class NoLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
