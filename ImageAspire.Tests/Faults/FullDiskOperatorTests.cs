using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Faults;

/// <summary>A key that only writes fills a real disk; the operator revokes it and deletes its images.</summary>
[Trait("Category", "Slow")]
public sealed class FullDiskOperatorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DiskFull_KeyThatOnlyWrites_CanBeRevokedAndItsImagesDeleted()
    {
        using var disk = Mount();
        await using var host = new ApiHost(("Embedded:DataFolder", _folder.Root), ("Embedded:ReserveFileBytes", ""));
        await Eventually.TrueAsync(() => File.Exists(Reserve));
        var (key, secret) = await host.CreateKeyAsync("attacker", "write");
        using var attacker = host.ClientWith(secret);
        var images = await FillAsync(attacker);
        disk.Fill(); // and then something else takes the rest

        foreach (var image in images)
            (await host.Client.DeleteAsync($"/api/images/{image}?purge=true")).StatusCode.ShouldBe(HttpStatusCode.NoContent, $"{image}");
        (await host.Client.DeleteAsync($"/api/keys/{key}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        File.Exists(Reserve).ShouldBeFalse();
        await PostAsync(attacker, 1).ShouldBeProblemAsync(401, "revoked-key");
    }

    [Fact]
    public async Task DiskFull_KeyIsRevokedFirst_TheReserveComesBackWithTheRoom()
    {
        using var disk = Mount();
        await using var host = new ApiHost(("Embedded:DataFolder", _folder.Root), ("Embedded:ReserveFileBytes", ""));
        await Eventually.TrueAsync(() => File.Exists(Reserve));
        var (key, secret) = await host.CreateKeyAsync("attacker", "write");
        using var attacker = host.ClientWith(secret);
        var images = await FillAsync(attacker);
        disk.Fill();

        (await host.Client.DeleteAsync($"/api/keys/{key}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        File.Exists(Reserve).ShouldBeFalse();
        await host.PostRawAsync(TestImages.Jpeg(padTo: 700_000)).ShouldBeProblemAsync(507, "storage-full"); // the reserve was not for uploads
        disk.Free();
        foreach (var image in images)
            (await host.Client.DeleteAsync($"/api/images/{image}?purge=true")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await host.UploadAsync(seed: 77_000);
        await Eventually.TrueAsync(() => File.Exists(Reserve));
    }

    [Fact]
    public async Task Start_OnAFullDisk_GivesUpTheReserveSoThatImagesCanBeDeleted()
    {
        using var disk = Mount();
        IReadOnlyList<Guid> images;
        await using (var host = new ApiHost(("Embedded:DataFolder", _folder.Root), ("Embedded:ReserveFileBytes", "")))
        {
            await Eventually.TrueAsync(() => File.Exists(Reserve));
            images = await FillAsync(host.Client);
        }

        disk.Fill();
        await using var again = new ApiHost(("Embedded:DataFolder", _folder.Root), ("Embedded:ReserveFileBytes", ""));

        (await again.Client.DeleteAsync($"/api/images/{images[0]}?purge=true")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        disk.Fill(); // what the deletion and the log left free, too
        await again.PostRawAsync(TestImages.Jpeg(padTo: 700_000)).ShouldBeProblemAsync(507, "storage-full");
    }

    private string Reserve => Path.Combine(_folder.Root, ".reserve");

    private SmallDisk Mount()
    {
        var disk = SmallDisk.TryMount(_folder.Root);
        Assert.SkipWhen(disk is null, "This user may not mount a file system (it takes Linux and root). SpaceReserveTests have a limit of the database's size instead.");
        return disk!;
    }

    // Until the first refusal.
    private static async Task<IReadOnlyList<Guid>> FillAsync(HttpClient client)
    {
        var images = new List<Guid>();
        while (true)
        {
            using var answer = await PostAsync(client, images.Count + 1);
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                images.Add((await answer.ReadAsync<ImageDto>()).Id);
                continue;
            }

            await answer.ShouldBeProblemAsync(507, "storage-full");
            images.Count.ShouldBeGreaterThan(10);
            return images;
        }
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, int seed)
    {
        var body = new ByteArrayContent(TestImages.Jpeg(seed: seed, padTo: 700_000));
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return client.PostAsync("/api/images", body);
    }
}
