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
        var refused = await Should.ThrowAsync<BackupException>(store.RestoreAsync);
        refused.Problem.ShouldBe(BackupProblem.Damaged);
        refused.Message.ShouldContain("nothing was restored");
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(store.Restored)!).Select(Path.GetFileName).Order().ShouldBe(["backup", "data"]);
    }

    [Theory]
    [InlineData("", BackupProblem.Damaged, "damaged")]
    [InlineData("{", BackupProblem.Damaged, "damaged")]
    [InlineData("{}", BackupProblem.Damaged, "damaged")]
    [InlineData(null, BackupProblem.NoBackup, "is no backup")]
    [InlineData("format 2", BackupProblem.Newer, "format 2")]
    public async Task Manifest_WrongOrMissing_IsRefused(string? text, BackupProblem problem, string said)
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        await store.BackupAsync();
        var path = Path.Combine(store.Backup, BackupManifest.FileName);
        if (text is null)
            File.Delete(path);
        else
            await File.WriteAllTextAsync(path, text == "format 2" ? (await File.ReadAllTextAsync(path)).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal) : text);

        foreach (var refused in (BackupException[])[await Should.ThrowAsync<BackupException>(() => store.VerifyBackupAsync()), await Should.ThrowAsync<BackupException>(store.RestoreAsync)])
        {
            refused.Problem.ShouldBe(problem);
            refused.Message.ShouldContain(said);
        }

        Directory.Exists(store.Restored).ShouldBeFalse();
    }

    [Theory]
    [InlineData("\"audit.db\": ", "\"audit.db\": 9", "audit.db has schema version 9")]
    [InlineData("\"audit.db\": ", "\"later.db\": 1, \"audit.db\": ", "later.db has schema version 1 instead of 0")]
    public async Task Restore_BackupOfANewerVersion_SaysSoAndDoesNothing(string from, string to, string said)
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        await store.BackupAsync();
        var path = Path.Combine(store.Backup, BackupManifest.FileName);
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace(from, to, StringComparison.Ordinal));

        var refused = await Should.ThrowAsync<BackupException>(store.RestoreAsync);

        refused.Problem.ShouldBe(BackupProblem.Newer);
        refused.Message.ShouldContain("was made by a newer version of ImageAspire");
        refused.Message.ShouldContain(said);
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
        (await Should.ThrowAsync<BackupException>(async () =>
        {
            await foreach (var _ in FileList.ReadAsync(folder.Root, CancellationToken.None))
            {
            }
        })).Problem.ShouldBe(BackupProblem.Damaged);
    }

    [Fact]
    public async Task Restore_OverAnything_IsRefused()
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        await store.BackupAsync();
        (await Should.ThrowAsync<BackupException>(() => new StoreRestore(TimeProvider.System, store.Said).RunAsync(store.Backup, store.Data, CancellationToken.None)))
            .Problem.ShouldBe(BackupProblem.NotEmpty);
        (await Should.ThrowAsync<BackupException>(() => new StoreRestore(TimeProvider.System, store.Said).RunAsync(store.Backup, Path.Combine(store.Backup, "x"), CancellationToken.None)))
            .Problem.ShouldBe(BackupProblem.Nested);
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
