using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Tests.Core;

/// <summary>Bytes that are damaged on the disk, and come again.</summary>
public sealed class RestoreOriginalTests
{
    [Fact]
    public async Task Commit_SameBytesOfADamagedImageDuringABackup_ReplacesThemAndLeavesTheBackupsLink()
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 8);
        var damaged = (await host.UploadAsync(file)).Record;
        byte[] changed = [.. file[..^1], (byte)(file[^1] ^ 1)];
        var path = PathOf(host, damaged);
        await File.WriteAllBytesAsync(path, changed);
        await host.Catalog.TransitionAsync(damaged.Id,
            one => ImageLifecycle.Fail(one, Samples.Why with { Code = FailureCodes.ContentUnavailable }, Samples.Traced), CancellationToken.None);
        var link = Path.Combine(host.Folder, "link");
        UnixFiles.TryLink(path, link).ShouldBe(!OperatingSystem.IsWindows());

        using (await DeletionLock.TryAcquireAsync(Path.Combine(host.Folder, "blobs"), TimeProvider.System, CancellationToken.None))
            (await host.UploadAsync(file)).Record.Status.ShouldBe(ImageStatus.Received);

        (await host.ReadAsync(damaged.BlobName)).ShouldBe(file);
        if (!OperatingSystem.IsWindows())
            (await File.ReadAllBytesAsync(link)).ShouldBe(changed);
        host.StagedFiles().ShouldBe(0);
    }

    [Fact]
    public async Task Commit_SameBytesOfAnImageWithAFinding_ReplacesThemWhileTheyAreReadAndRemovesTheFinding()
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 9);
        var damaged = (await host.UploadAsync(file)).Record;
        byte[] changed = [.. file[..^1], (byte)(file[^1] ^ 1)];
        await File.WriteAllBytesAsync(PathOf(host, damaged), changed);
        (await host.Findings.AddAsync(Finding(damaged, OriginalDamage.WrongBytes), CancellationToken.None)).ShouldBeTrue();
        await using var reader = (await host.Blobs.OpenAsync(damaged.BlobName, 0, null, CancellationToken.None))!;
        var read = new byte[changed.Length];
        await reader.ReadExactlyAsync(read.AsMemory(0, 10));

        var again = await host.UploadAsync(file, "other name.jpg");

        (again.Duplicate, again.Record.Id, again.Record.Name, again.Record.Version).ShouldBe((true, damaged.Id, "a.jpg", 1L));
        (await host.ReadAsync(damaged.BlobName)).ShouldBe(file);
        (await host.Findings.FindAsync(damaged.Id, CancellationToken.None)).ShouldBeNull();
        await reader.ReadExactlyAsync(read.AsMemory(10));
        read.ShouldBe(changed); // who began with the old file ends with it
        host.Events.Count.ShouldBe(1);
        host.StagedFiles().ShouldBe(0);
    }

    [Theory]
    [InlineData(false)] // gone
    [InlineData(true)] // cut off
    public async Task Commit_SameBytesOfAnImageWhoseFileHasAnotherSize_ReplacesThemWithoutAFinding(bool exists)
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 10);
        var damaged = (await host.UploadAsync(file)).Record;
        if (exists)
            await File.WriteAllBytesAsync(PathOf(host, damaged), file[..^1]);
        else
            File.Delete(PathOf(host, damaged));

        (await host.UploadAsync(file)).Duplicate.ShouldBeTrue();

        (await host.ReadAsync(damaged.BlobName)).ShouldBe(file);
        host.Events.Count.ShouldBe(1);
        host.StagedFiles().ShouldBe(0);
    }

    [Fact]
    public async Task Commit_SameBytesOfASoundImage_LeavesItsFileAlone()
    {
        await using var host = new StageHost();
        var file = TestImages.Jpeg(seed: 11);
        var sound = (await host.UploadAsync(file)).Record;
        var written = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(PathOf(host, sound), written);

        (await host.UploadAsync(file)).Duplicate.ShouldBeTrue();

        File.GetLastWriteTimeUtc(PathOf(host, sound)).ShouldBe(written);
    }

    private static string PathOf(StageHost host, ImageRecord record) =>
        Directory.GetFiles(Path.Combine(host.Folder, "blobs"), $"*{record.Id}*", SearchOption.AllDirectories).ShouldHaveSingleItem();

    private static ScrubFinding Finding(ImageRecord record, string damage) => new(record.Id, record.Name, record.Sha256, damage, Samples.Noon, Samples.Noon);
}
