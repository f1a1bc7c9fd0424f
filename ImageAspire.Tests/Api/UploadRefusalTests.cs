using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>Bodies that are refused, with the code and the limit, and what remains of them: nothing.</summary>
public sealed class UploadRefusalTests
{
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
