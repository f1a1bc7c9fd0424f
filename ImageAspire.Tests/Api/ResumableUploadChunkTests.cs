using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>The protocol tus 1.0.0: chunks, what becomes of wrong and broken ones, and whose they are.</summary>
public sealed class ResumableUploadChunkTests
{
    [Fact]
    public async Task Patch_WrongRequest_IsRefusedAndNothingIsWritten()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 6);
        var address = await host.Client.BeginAsync(file.Length);

        await host.Client.PatchAsync(address, 7, file).ShouldBeProblemAsync(409, "offset-mismatch");
        await host.Client.PatchAsync(address, 0, [.. file, 0]).ShouldBeProblemAsync(413, "too-large");
        await host.Client.SendAsync(TusCalls.PatchRequest(address, 0, new EndlessContent([.. file, 0]))).ShouldBeProblemAsync(413, "too-large");
        using var typed = TusCalls.Request("PATCH", address, ("Upload-Offset", "0"));
        typed.Content = new ByteArrayContent(file) { Headers = { ContentType = new("image/jpeg") } };
        await host.Client.SendAsync(typed).ShouldBeProblemAsync(415, "unsupported-media-type");
        using var placeless = TusCalls.Request("PATCH", address);
        placeless.Content = new ByteArrayContent(file) { Headers = { ContentType = new(TusCalls.ChunkType) } };
        await host.Client.SendAsync(placeless).ShouldBeProblemAsync(400, "invalid-offset");

        (await host.Client.OffsetAsync(address)).ShouldBe(0);
    }

    [Fact]
    public async Task Patch_AfterTheEnd_TakesNoMoreBytes()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 6);
        var address = await host.Client.BeginAsync(file.Length);
        (await host.Client.PatchAsync(address, 0, file)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await host.Client.PatchAsync(address, file.Length, [1]).ShouldBeProblemAsync(413, "too-large");
        await host.Client.SendAsync(TusCalls.PatchRequest(address, file.Length, new EndlessContent([1]))).ShouldBeProblemAsync(413, "too-large");
        (await host.Client.PatchAsync(address, file.Length, [])).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Patch_NoImage_415AfterTheFirstBytesAndTheUploadIsGone()
    {
        await using var host = new ApiHost();
        var address = await host.Client.BeginAsync(10_000_000);
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("no image at all ", 20_000)));
        await host.Client.PatchAsync(address, 0, text).ShouldBeProblemAsync(415, "unsupported-format");
        (await host.Client.TusAsync("HEAD", address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        TusCalls.PartsOf(host).ShouldBeEmpty();
    }

    [Fact]
    public async Task Patch_NoImageInDribbles_415AtTheEnd()
    {
        await using var host = new ApiHost();
        var address = await host.Client.BeginAsync(20);
        (await host.Client.PatchAsync(address, 0, new byte[10])).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await host.Client.PatchAsync(address, 10, new byte[10]).ShouldBeProblemAsync(415, "unsupported-format");
        (await host.Client.TusAsync("HEAD", address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    [InlineData("md5")]
    public async Task Patch_Checksum_RightIsKeptWrongIsThrownAway(string algorithm)
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 7, padTo: 600_000);
        var address = await host.Client.BeginAsync(file.Length);
        string Sum(byte[] bytes) => $"{algorithm} {Convert.ToBase64String(CryptographicOperations.HashData(new HashAlgorithmName(algorithm.ToUpperInvariant()), bytes))}";

        (await host.Client.PatchAsync(address, 0, file[..1000], ("Upload-Checksum", Sum(file[..1000])))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await host.Client.PatchAsync(address, 1000, file[1000..], ("Upload-Checksum", Sum(file))).ShouldBeProblemAsync(460, "checksum-mismatch");
        (await host.Client.OffsetAsync(address)).ShouldBe(1000);
        await host.Client.PatchAsync(address, 1000, file[1000..], ("Upload-Checksum", "crc32 AAAA")).ShouldBeProblemAsync(400, "invalid-checksum");
        using var last = await host.Client.PatchAsync(address, 1000, file[1000..], ("Upload-Checksum", Sum(file[1000..])));

        (await host.Client.GetByteArrayAsync($"{last.Headers.Location}/content")).ShouldBe(file);
        host.StagedFiles.ShouldBe(0);
    }

    [Fact]
    public async Task Patch_ConnectionBreaks_WhatHasComeIsKept()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 8, padTo: 400_000);
        var address = await host.Client.BeginAsync(file.Length);
        var stuck = new StuckContent(file[..300_000], file.Length);
        var sending = host.Client.SendAsync(TusCalls.PatchRequest(address, 0, stuck));
        await Eventually.TrueAsync(async () => await host.Client.OffsetAsync(address) > 200_000); // whole buffers are written at once
        stuck.Break();
        await Should.ThrowAsync<HttpRequestException>(() => sending);
        await Eventually.TrueAsync(async () => await host.Client.OffsetAsync(address) == 300_000);

        using var last = await SendOnceFreeAsync(() => host.Client.PatchAsync(address, 300_000, file[300_000..]));
        (await host.Client.GetByteArrayAsync($"{last.Headers.Location}/content")).ShouldBe(file);
    }

    [Fact]
    public async Task Patch_TwoAtOnce_OneIsRefused()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 9, padTo: 400_000);
        var address = await host.Client.BeginAsync(file.Length);
        var stuck = new StuckContent(file[..300_000], file.Length);
        var first = host.Client.SendAsync(TusCalls.PatchRequest(address, 0, stuck));
        await Eventually.TrueAsync(async () => await host.Client.OffsetAsync(address) > 0);

        await host.Client.PatchAsync(address, 0, file).ShouldBeProblemAsync(423, "upload-locked");

        // Cancelling breaks off and removes at once: the removal waits for the writer to notice.
        stuck.Break();
        (await host.Client.TusAsync("DELETE", address)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Should.ThrowAsync<HttpRequestException>(() => first);
        (await host.Client.TusAsync("HEAD", address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        TusCalls.PartsOf(host).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_AnotherKey_FindsNothing()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 10);
        var (id, secret) = await host.CreateKeyAsync("camera", "write");
        using var camera = host.ClientWith(secret);
        var address = await camera.BeginAsync(file.Length);

        (await host.Client.TusAsync("HEAD", address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await host.Client.PatchAsync(address, 0, file).ShouldBeProblemAsync(404, "not-found");
        await host.Client.TusAsync("DELETE", address).ShouldBeProblemAsync(404, "not-found");
        (await camera.OffsetAsync(address)).ShouldBe(0);

        (await host.Client.DeleteAsync($"/api/keys/{id}")).EnsureSuccessStatusCode();
        await camera.PatchAsync(address, 0, file).ShouldBeProblemAsync(401, "revoked-key");
    }

    [Fact]
    public async Task Patch_KeyIsRevokedMeanwhile_Ends()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 11, padTo: 400_000);
        var (id, secret) = await host.CreateKeyAsync("camera", "write");
        using var camera = host.ClientWith(secret);
        var address = await camera.BeginAsync(file.Length);
        using var connection = new TcpClient(host.Address.Host, host.Address.Port); // an HttpClient does not read before it has sent everything
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PATCH {address} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {secret}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
            + $"Content-Type: {TusCalls.ChunkType}\r\nContent-Length: {file.Length}\r\n\r\n"));
        await stream.WriteAsync(file.AsMemory(0, 300_000));
        await Eventually.TrueAsync(async () => await camera.OffsetAsync(address) > 0);

        (await host.Client.DeleteAsync($"/api/keys/{id}")).EnsureSuccessStatusCode();

        await Eventually.TrueAsync(() => connection.Client.Poll(0, SelectMode.SelectRead)); // there is an end to read, and no answer
        await Should.ThrowAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1]));
    }

    // The request before has ended for its client, and its server may need a moment to notice.
    private static async Task<HttpResponseMessage> SendOnceFreeAsync(Func<Task<HttpResponseMessage>> send)
    {
        HttpResponseMessage? answer = null;
        await Eventually.TrueAsync(async () => (answer = await send()).StatusCode != HttpStatusCode.Locked);
        return answer!;
    }

    /// <summary>A body that does not say how long it is.</summary>
    private sealed class EndlessContent(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
