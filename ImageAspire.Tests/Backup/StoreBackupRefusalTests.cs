using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Backup;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Backup;

/// <summary>Backups that are refused, cancelled, or disturbed by others.</summary>
[Trait("Category", "Slow")]
public sealed class StoreBackupRefusalTests
{
    [Fact]
    public async Task Backup_OfADamagedDatabase_IsRefusedAndLeavesNothing()
    {
        using var store = await SmallStore.CreateAsync(images: 50);
        SmallStore.Cut(Path.Combine(store.Data, "audit.db"));

        var refused = await Should.ThrowAsync<BackupException>(() => store.BackupAsync());
        refused.Problem.ShouldBe(BackupProblem.Damaged);
        refused.Message.ShouldContain("audit.db");

        Directory.Exists(store.Backup).ShouldBeFalse();
    }

    [Fact]
    public async Task Backup_IntoSomethingElse_IsRefused()
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        Task<BackupSummary> Into(string folder) => new StoreBackup(TimeProvider.System, store.Said).RunAsync(store.Data, folder, false, CancellationToken.None);

        (await Should.ThrowAsync<BackupException>(() => Into(Path.Combine(store.Data, "x")))).Problem.ShouldBe(BackupProblem.Nested);
        (await Should.ThrowAsync<BackupException>(() => Into(store.Data))).Problem.ShouldBe(BackupProblem.Nested);
        Directory.CreateDirectory(store.Backup);
        var link = store.Backup + "-link";
        Directory.CreateSymbolicLink(link, store.Data);
        (await Should.ThrowAsync<BackupException>(() => Into(Path.Combine(link, "x")))).Problem.ShouldBe(BackupProblem.Nested);
        await File.WriteAllTextAsync(Path.Combine(store.Backup, "letter.txt"), "mine");
        (await Should.ThrowAsync<BackupException>(() => Into(store.Backup))).Problem.ShouldBe(BackupProblem.NotEmpty);
        (await Should.ThrowAsync<BackupException>(() => Into(Path.Combine(store.Backup, "letter.txt")))).Problem.ShouldBe(BackupProblem.NotAFolder);
        Directory.EnumerateFileSystemEntries(store.Backup).Count().ShouldBe(1);
        (await Should.ThrowAsync<BackupException>(() => new StoreBackup(TimeProvider.System, store.Said).RunAsync(store.Backup, store.Restored, false, CancellationToken.None)))
            .Problem.ShouldBe(BackupProblem.NoStore);
    }

    [Fact]
    public async Task Backup_OverABackup_IsRefused()
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        await store.BackupAsync();
        (await Should.ThrowAsync<BackupException>(() => store.BackupAsync())).Problem.ShouldBe(BackupProblem.HoldsBackup);
        (await store.VerifyBackupAsync()).Faults.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Backup_Cancelled_LeavesNothing(bool folderIsThere)
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        using var cancelled = new CancellationTokenSource();
        if (folderIsThere)
            Directory.CreateDirectory(store.Backup);
        // Ends when the databases are done and the bytes are not.
        var said = new Trigger("Databases:", cancelled.Cancel);

        await Should.ThrowAsync<OperationCanceledException>(() => new StoreBackup(TimeProvider.System, said).RunAsync(store.Data, store.Backup, true, cancelled.Token));

        Directory.Exists(store.Backup).ShouldBe(folderIsThere);
        if (folderIsThere)
            Directory.EnumerateFileSystemEntries(store.Backup).ShouldBeEmpty();
        (await store.BackupAsync()).Images.ShouldBe(1);
    }

    [Fact]
    public async Task Deletion_DuringABackup_KeepsTheBytesOfItsRecord()
    {
        using var store = await SmallStore.CreateAsync();
        var deleted = store.Images[1];
        await store.UseAsync(async services =>
        {
            var blobs = services.GetRequiredService<IBlobStore>();
            // At the worst moment: the catalog was copied, the bytes were not.
            var said = new Trigger("Databases:", () => Delete(services, deleted).GetAwaiter().GetResult().ShouldBeFalse());
            await new StoreBackup(TimeProvider.System, said).RunAsync(store.Data, store.Backup, true, CancellationToken.None);
            said.Fired.ShouldBeTrue();

            (await blobs.DeleteAsync(deleted.BlobName, CancellationToken.None)).ShouldBeTrue(); // as the sweeper does
        });

        (await store.VerifyBackupAsync()).ShouldBe(new VerificationSummary(3, store.Images.Sum(image => image.Bytes), 0));

        static async Task<bool> Delete(IServiceProvider services, ImageRecord record)
        {
            await services.GetRequiredService<IImageCatalog>().CommitAsync([ImageLifecycle.Purge(record, Samples.Someone)], CancellationToken.None);
            return await services.GetRequiredService<IBlobStore>().DeleteAsync(record.BlobName, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Backup_WhileAnotherIsAtWork_IsRefused()
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        using var held = await DeletionLock.TryAcquireAsync(Path.Combine(store.Data, "blobs"), TimeProvider.System, CancellationToken.None);

        (await Should.ThrowAsync<BackupException>(() => store.BackupAsync())).Problem.ShouldBe(BackupProblem.Busy);

        Directory.Exists(store.Backup).ShouldBeFalse();
    }

    [Fact]
    public async Task Cut_WhileOthersWrite_HasNoEventThatTheOthersLack()
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        await store.UseAsync(async services =>
        {
            using var enough = new CancellationTokenSource();
            var writing = Task.Run(async () =>
            {
                // The writer's order: first the one, then the other. A cut may have the one alone, never the other alone.
                for (var seed = 100; !enough.IsCancellationRequested; seed++)
                    await store.AddAnalyzedAsync(services, TestImages.Jpeg(8, 8, seed, padTo: 400 + seed));
            });
            for (var i = 0; i < 20; i++)
            {
                using var snapshot = ConsistentSnapshot.Take(store.Data);
                var records = (long)snapshot.Of(MainDatabase.FileName)!.Scalar("SELECT count(*) FROM images")!;
                var counted = (long)snapshot.Of("reports.db")!.Scalar("SELECT sum(received) FROM days")!;
                var audited = (long)snapshot.Of("audit.db")!.Scalar("SELECT count(*) FROM audit WHERE type='image.received'")!;
                audited.ShouldBeInRange(records - 1, records);
                counted.ShouldBeInRange(audited - 1, audited);
            }

            await enough.CancelAsync();
            await writing;
        });
    }

    /// <summary>Does something when a line is said.</summary>
    private sealed class Trigger(string line, Action then) : IProgress<string>
    {
        public bool Fired { get; private set; }

        public void Report(string value)
        {
            if (Fired || !value.StartsWith(line, StringComparison.Ordinal))
                return;
            Fired = true;
            then();
        }
    }
}
