using System.Net;
using System.Security.Cryptography;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>The protocol tus 1.0.0, call by call: what is begun, and what becomes of it. Chunks and limits have tests of their own.</summary>
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
        var record = await host.Client.GetAsync<ImageDto>($"{last.Headers.Location}");
        record.Name.ShouldBe("Füße.jpg");
        record.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(file)));
        (await host.Client.GetByteArrayAsync($"{last.Headers.Location}/content")).ShouldBe(file);
        host.StagedFiles.ShouldBe(0);
        TusCalls.PartsOf(host).ShouldBeEmpty();
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
        (await host.Client.GetItemsAsync<ImageDto>("/api/images")).Count.ShouldBe(1);
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
        TusCalls.PartsOf(host).ShouldBeEmpty();
    }
}
