using ImageAspire.Embedded.Backup;

namespace ImageAspire.Tests.Backup;

/// <summary>Each kind of damage is done to a sound backup, and must be named.</summary>
[Trait("Category", "Slow")]
public sealed class BackupVerificationTests
{
    [Theory]
    [InlineData("wrong-bytes", "blob")]
    [InlineData("wrong-size", "cut")]
    [InlineData("missing-file", "remove")]
    [InlineData("wrong-bytes", "database")]
    [InlineData("wrong-size", "cut-database")]
    [InlineData("wrong-manifest", "list")]
    [InlineData("wrong-manifest", "no-list")]
    public async Task DamagedBackup_IsNamedAndNotRestored(string kind, string damage)
    {
        using var store = await SmallStore.CreateAsync();
        await store.BackupAsync();
        var blob = store.PathOf(1, folder: store.Backup);
        var database = Path.Combine(store.Backup, "imageaspire.db");
        var list = Path.Combine(store.Backup, FileList.FileName);
        Action harm = damage switch
        {
            "blob" => () => SmallStore.Flip(blob),
            "cut" => () => SmallStore.Cut(blob),
            "remove" => () => File.Delete(blob),
            "database" => () => SmallStore.Flip(database),
            "cut-database" => () => SmallStore.Cut(database),
            "list" => () => SmallStore.Flip(list, at: 3),
            _ => () => File.Delete(list),
        };
        harm();

        (await store.VerifyBackupAsync()).Faults.ShouldBe(1);
        store.Said.Faults.ShouldHaveSingleItem().ShouldStartWith($"FAULT {kind}: ");
        (await Should.ThrowAsync<BackupException>(store.RestoreAsync)).Message.ShouldContain("nothing was restored");
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(store.Restored)!).Select(Path.GetFileName).Order().ShouldBe(["backup", "data"]);
    }

    [Theory]
    [InlineData("", "damaged")]
    [InlineData("{", "damaged")]
    [InlineData("{}", "damaged")]
    [InlineData(null, "is no backup")]
    [InlineData("format 2", "format 2")]
    public async Task Manifest_WrongOrMissing_IsRefused(string? text, string said)
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        await store.BackupAsync();
        var path = Path.Combine(store.Backup, BackupManifest.FileName);
        if (text is null)
            File.Delete(path);
        else
            await File.WriteAllTextAsync(path, text == "format 2" ? (await File.ReadAllTextAsync(path)).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal) : text);

        (await Should.ThrowAsync<BackupException>(() => store.VerifyBackupAsync())).Message.ShouldContain(said);
        (await Should.ThrowAsync<BackupException>(store.RestoreAsync)).Message.ShouldContain(said);
        Directory.Exists(store.Restored).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../escaped")]
    [InlineData("/etc/passwd")]
    [InlineData("blobs/originals/../../escaped.db")]
    [InlineData("blobs/originals/ab/../../../escaped")]
    [InlineData("other.db")]
    [InlineData("blobs/originals/xx/abcd")]
    public async Task FileList_PathThatNoBackupHas_IsRefused(string path)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Root, FileList.FileName), $"{new string('a', 64)}  1  {path}\n");
        await Should.ThrowAsync<BackupException>(async () =>
        {
            await foreach (var _ in FileList.ReadAsync(folder.Root, CancellationToken.None))
            {
            }
        });
    }

    [Fact]
    public async Task Restore_OverAnything_IsRefused()
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        await store.BackupAsync();
        (await Should.ThrowAsync<BackupException>(() => new StoreRestore(TimeProvider.System, store.Said).RunAsync(store.Backup, store.Data, CancellationToken.None)))
            .Message.ShouldContain("is not empty");
        (await Should.ThrowAsync<BackupException>(() => new StoreRestore(TimeProvider.System, store.Said).RunAsync(store.Backup, Path.Combine(store.Backup, "x"), CancellationToken.None)))
            .Message.ShouldContain("inside of each other");
        Directory.CreateDirectory(store.Restored); // empty: as good as none
        (await store.RestoreAsync()).Images.ShouldBe(1);
    }

    [Fact]
    public async Task Verify_OfABackup_LeavesNoTraceInIt()
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        await store.BackupAsync();
        var before = Directory.EnumerateFileSystemEntries(store.Backup, "*", SearchOption.AllDirectories).Order().ToList();
        await store.VerifyBackupAsync();
        Directory.EnumerateFileSystemEntries(store.Backup, "*", SearchOption.AllDirectories).Order().ShouldBe(before);
    }
}
