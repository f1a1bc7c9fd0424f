using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Api.Uploads.Resumable;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>The protocol tus 1.0.0: quotas, full disks, expiry, and what else bounds an upload.</summary>
public sealed class ResumableUploadLimitTests
{
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
        var disk = new FullDiskUploadStore.Disk { Room = 10_000 };
        await using var host = new ApiHost(services => FullDiskUploadStore.Replace(services, disk));
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
        await using var host = new ApiHost(services => FullDiskUploadStore.Replace(services, new FullDiskUploadStore.Disk { Room = 10_000 }));
        var file = TestImages.Jpeg(seed: 32, padTo: 50_000);
        using var request = TusCalls.Request("POST", "/api/uploads", ("Upload-Length", $"{file.Length}"));
        request.Content = new ByteArrayContent(file);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(TusCalls.ChunkType);

        await host.Client.SendAsync(request).ShouldBeProblemAsync(507, "storage-full");

        TusCalls.PartsOf(host).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_NotContinuedForTooLong_410()
    {
        await using var host = new ApiHost();
        var address = await host.Client.BeginAsync(1000);
        File.SetLastWriteTimeUtc(TusCalls.PartsOf(host).Single(), DateTime.UnixEpoch);
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
}
