using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Api.Uploads.Resumable;

namespace ImageAspire.Tests.Api;

/// <summary>The protocol tus 1.0.0, call by call.</summary>
public sealed class ResumableUploadTests
{
    [Fact]
    public async Task Options_BothAddresses_SayWhatIsSpoken()
    {
        await using var host = new ApiHost();
        foreach (var address in (string[])["/api/uploads", $"/api/uploads/{Guid.CreateVersion7()}"])
        {
            using var answer = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Options, address));
            answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
            answer.Header("Tus-Version").ShouldBe("1.0.0");
            answer.Header("Tus-Max-Size").ShouldBe($"{50 << 20}");
            answer.Header("Tus-Extension").ShouldBe("creation,creation-defer-length,creation-with-upload,checksum,expiration,termination");
            answer.Header("Tus-Checksum-Algorithm")!.Split(',').ShouldBe(["sha1", "sha256", "md5"], ignoreOrder: true);
            answer.Header("Access-Control-Allow-Origin").ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0.2.2")]
    public async Task AnyCall_AnotherVersion_412WithOurs(string? version)
    {
        await using var host = new ApiHost();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/uploads");
        if (version is not null)
            request.Headers.Add("Tus-Resumable", version);
        using var answer = await host.Client.SendAsync(request);
        (answer.Header("Tus-Version"), answer.Header("Tus-Resumable")).ShouldBe(("1.0.0", "1.0.0"));
        await answer.ShouldBeProblemAsync(412, "wrong-tus-version");
    }

    [Fact]
    public async Task Upload_InThreeChunks_IsTheImage()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 1, padTo: 300_000);
        var address = await host.Client.BeginAsync(file.Length, "a/Füße.jpg");
        using (var head = await host.Client.TusAsync("HEAD", address))
        {
            (head.Header("Upload-Offset"), head.Header("Upload-Length"), head.Header("Upload-Metadata")).ShouldBe(("0", $"{file.Length}", TusCalls.Metadata("a/Füße.jpg")));
            head.Headers.CacheControl!.NoStore.ShouldBeTrue();
            DateTimeOffset.Parse(head.Header("Upload-Expires")!).ShouldBeInRange(DateTimeOffset.UtcNow.AddHours(23), DateTimeOffset.UtcNow.AddHours(25));
        }

        foreach (var (from, to) in ((int, int)[])[(0, 10), (10, 200_000)])
        {
            using var part = await host.Client.PatchAsync(address, from, file[from..to]);
            (part.StatusCode, part.Header("Upload-Offset"), part.Header("Image-Id")).ShouldBe((HttpStatusCode.NoContent, $"{to}", null));
            part.Header("Upload-Expires").ShouldNotBeNull();
            (await host.Client.OffsetAsync(address)).ShouldBe(to);
        }

        using var last = await host.Client.PatchAsync(address, 200_000, file[200_000..]);
        last.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (last.Header("Upload-Offset"), last.Header("Image-Duplicate")).ShouldBe(($"{file.Length}", "false"));
        last.Headers.Location!.ToString().ShouldBe($"/api/images/{last.Header("Image-Id")}");
        var record = await (await host.Client.GetAsync(last.Headers.Location)).JsonAsync();
        record.GetProperty("name").GetString().ShouldBe("Füße.jpg");
        record.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(file)));
        (await host.Client.GetByteArrayAsync($"{last.Headers.Location}/content")).ShouldBe(file);
        host.StagedFiles.ShouldBe(0);
        PartsOf(host).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_AfterItsEnd_StillTellsTheImage()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 2);
        var address = await host.Client.BeginAsync(file.Length);
        using var first = await host.Client.PatchAsync(address, 0, file);

        using var head = await host.Client.TusAsync("HEAD", address);
        using var again = await host.Client.PatchAsync(address, file.Length, []);

        foreach (var answer in (HttpResponseMessage[])[head, again])
        {
            (answer.IsSuccessStatusCode, answer.Header("Image-Id"), answer.Header("Image-Duplicate")).ShouldBe((true, first.Header("Image-Id"), "false"));
            answer.Headers.Location.ShouldBe(first.Headers.Location);
        }

        await host.Client.PatchAsync(address, 0, file).ShouldBeProblemAsync(409, "offset-mismatch");
        (await (await host.Client.GetAsync("/api/images")).JsonAsync()).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Upload_BytesThatAreThere_SaysSoAndWhere()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(3);
        var file = TestImages.Jpeg(seed: 3);
        using var answer = await host.Client.PatchAsync(await host.Client.BeginAsync(file.Length), 0, file);
        (answer.Header("Image-Id"), answer.Header("Image-Duplicate")).ShouldBe(($"{id}", "true"));
    }

    [Fact]
    public async Task Create_WithAllBytes_IsTheImageAtOnce()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 4);
        using var request = TusCalls.Request("POST", "/api/uploads", ("Upload-Length", $"{file.Length}"));
        request.Content = new ByteArrayContent(file) { Headers = { ContentType = new(TusCalls.ChunkType) } };
        using var answer = await host.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Header("Upload-Offset").ShouldBe($"{file.Length}");
        answer.Headers.Location!.ToString().ShouldStartWith("/api/uploads/");
        (await host.Client.GetByteArrayAsync($"/api/images/{answer.Header("Image-Id")}/content")).ShouldBe(file);
    }

    [Fact]
    public async Task Create_WithoutLength_TakesItLater()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 5);
        using var created = await host.Client.TusAsync("POST", "/api/uploads", ("Upload-Defer-Length", "1"));
        var address = created.Headers.Location!.ToString();
        using (await host.Client.PatchAsync(address, 0, file[..100]))
        {
        }

        using (var head = await host.Client.TusAsync("HEAD", address))
            (head.Header("Upload-Offset"), head.Header("Upload-Length"), head.Header("Upload-Defer-Length")).ShouldBe(("100", null, "1"));
        await host.Client.PatchAsync(address, 100, [], ("Upload-Length", "99")).ShouldBeProblemAsync(400, "invalid-length");
        using var last = await host.Client.PatchAsync(address, 100, file[100..], ("Upload-Length", $"{file.Length}"));
        last.Header("Image-Id").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("Upload-Length", "", 400, "invalid-length")]
    [InlineData("Upload-Length", "-1", 400, "invalid-length")]
    [InlineData("Upload-Length", "0", 400, "empty-file")]
    [InlineData("Upload-Length", "52428801", 413, "too-large")]
    [InlineData("Upload-Defer-Length", "2", 400, "invalid-length")]
    [InlineData("Upload-Length", "5|Upload-Defer-Length|1", 400, "invalid-length")]
    [InlineData("Upload-Length", "5|Upload-Metadata|filename ***", 400, "invalid-metadata")]
    [InlineData("Upload-Length", "5|Upload-Metadata|a YQ==,a YQ==", 400, "invalid-metadata")]
    [InlineData("Upload-Length", "5|Upload-Metadata|a b c", 400, "invalid-metadata")]
    public async Task Create_WrongHeaders_AreRefusedWithTheReason(string name, string text, int status, string code)
    {
        await using var host = new ApiHost();
        var parts = text.Split('|');
        (string, string)[] headers = parts.Length == 1 ? [(name, parts[0])] : [(name, parts[0]), (parts[1], parts[2])];
        await host.Client.TusAsync("POST", "/api/uploads", headers).ShouldBeProblemAsync(status, code);
        PartsOf(host).ShouldBeEmpty();
    }

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
    public async Task Patch_NoImage_415AfterTheFirstBytesAndTheUploadIsGone()
    {
        await using var host = new ApiHost();
        var address = await host.Client.BeginAsync(10_000_000);
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("no picture at all ", 20_000)));
        await host.Client.PatchAsync(address, 0, text).ShouldBeProblemAsync(415, "unsupported-format");
        (await host.Client.TusAsync("HEAD", address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        PartsOf(host).ShouldBeEmpty();
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
    public async Task Patch_TwoAtOnce_OneHasTheUploadAndTheOtherIsTold()
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
        PartsOf(host).ShouldBeEmpty();
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

    [Fact]
    public async Task Create_MoreThanAKeyMayHave_IsRefusedUntilOneIsRemoved()
    {
        await using var host = new ApiHost(("Uploads:UnfinishedPerKey", "2"), ("Uploads:UnfinishedBytesPerKey", "1000"));
        var first = await host.Client.BeginAsync(600);
        await host.Client.TusAsync("POST", "/api/uploads", ("Upload-Length", "401")).ShouldBeProblemAsync(507, "upload-quota");
        await host.Client.BeginAsync(400);
        await host.Client.TusAsync("POST", "/api/uploads", ("Upload-Length", "1")).ShouldBeProblemAsync(429, "too-many-uploads");
        using (var other = host.ClientWith(ApiHost.WriteKey))
            await other.BeginAsync(1000);

        (await host.Client.TusAsync("DELETE", first)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await host.Client.BeginAsync(600);
    }

    [Fact]
    public async Task Create_WithoutALength_CountsAsTheLargestImage()
    {
        await using var host = new ApiHost(("Uploads:UnfinishedBytesPerKey", $"{(100 << 20) - 1}"));
        (await host.Client.TusAsync("POST", "/api/uploads", ("Upload-Defer-Length", "1"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        await host.Client.TusAsync("POST", "/api/uploads", ("Upload-Defer-Length", "1")).ShouldBeProblemAsync(507, "upload-quota");
        await host.Client.BeginAsync((50 << 20) - 1);
        await host.Client.TusAsync("POST", "/api/uploads", ("Upload-Length", "1")).ShouldBeProblemAsync(507, "upload-quota");
    }

    [Fact]
    public async Task Patch_DiskIsFull_507AndWhatHadComeIsKept()
    {
        var disk = new NarrowUploads.Disk { Room = 10_000 };
        await using var host = new ApiHost(services => NarrowUploads.Replace(services, disk));
        var file = TestImages.Jpeg(seed: 31, padTo: 50_000);
        var address = await host.Client.BeginAsync(file.Length);

        using (var answer = await host.Client.PatchAsync(address, 0, file))
        {
            (await answer.Content.ReadAsStringAsync()).ShouldContain("The upload is kept");
            await answer.ShouldBeProblemAsync(507, "storage-full");
        }

        (await host.Client.OffsetAsync(address)).ShouldBe(10_000);
        disk.Room = long.MaxValue;
        using var rest = await host.Client.PatchAsync(address, 10_000, file[10_000..]);
        rest.Header("Image-Id").ShouldNotBeNull();
    }

    [Fact]
    public async Task Create_WithBytesAndTheDiskIsFull_507AndNothingStays()
    {
        await using var host = new ApiHost(services => NarrowUploads.Replace(services, new NarrowUploads.Disk { Room = 10_000 }));
        var file = TestImages.Jpeg(seed: 32, padTo: 50_000);
        using var request = TusCalls.Request("POST", "/api/uploads", ("Upload-Length", $"{file.Length}"));
        request.Content = new ByteArrayContent(file);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(TusCalls.ChunkType);

        await host.Client.SendAsync(request).ShouldBeProblemAsync(507, "storage-full");

        PartsOf(host).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_NotContinuedForTooLong_410()
    {
        await using var host = new ApiHost();
        var address = await host.Client.BeginAsync(1000);
        File.SetLastWriteTimeUtc(PartsOf(host).Single(), DateTime.UnixEpoch);
        (await host.Client.TusAsync("HEAD", address)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        await host.Client.PatchAsync(address, 0, new byte[10]).ShouldBeProblemAsync(410, "upload-expired");
    }

    [Fact]
    public async Task Post_WithMethodOverride_IsThatMethod()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 12);
        var address = await host.Client.BeginAsync(file.Length);
        using var patch = TusCalls.PatchRequest(address, 0, new ByteArrayContent(file[..100]), ("X-HTTP-Method-Override", "PATCH"));
        patch.Method = HttpMethod.Post;
        (await host.Client.SendAsync(patch)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await host.Client.TusAsync("POST", address, ("X-HTTP-Method-Override", "HEAD"))).Header("Upload-Offset").ShouldBe("100");
        await host.Client.TusAsync("POST", address).ShouldBeProblemAsync(400, "malformed-request");
        (await host.Client.TusAsync("POST", address, ("X-HTTP-Method-Override", "DELETE"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public void Settings_Wrong_AreAllNamed()
    {
        var wrong = new ResumableOptions { UnfinishedPerKey = 0, UnfinishedBytesPerKey = 0, KeptFor = TimeSpan.FromSeconds(1) };
        new ResumableOptions.Validator().Validate(null, wrong).Failures!.Select(failure => failure.Split(' ')[0])
            .ShouldBe(["Uploads:UnfinishedPerKey", "Uploads:UnfinishedBytesPerKey", "Uploads:KeptFor"]);
        new ResumableOptions.Validator().Validate(null, new ResumableOptions()).Succeeded.ShouldBeTrue();
    }

    private static string[] PartsOf(ApiHost host) => Directory.Exists(Path.Combine(host.DataFolder, "uploads"))
        ? Directory.GetFiles(Path.Combine(host.DataFolder, "uploads"), "*.part", SearchOption.AllDirectories) : [];

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
