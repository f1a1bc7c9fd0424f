using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Backup;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Backup;

/// <summary>Each kind of damage is done to a sound store, or a sound backup, and must be named.</summary>
[Trait("Category", "Slow")]
public sealed class StoreVerificationTests
{
    [Fact]
    public async Task Verify_OfASoundStore_FindsNothing()
    {
        using var store = await SmallStore.CreateAsync();
        (await store.VerifyAsync()).ShouldBe(new VerificationSummary(3, store.Images.Sum(image => image.Bytes), 0));
        (await store.VerifyAsync(quick: true)).Faults.ShouldBe(0);
        store.Said.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task BackupAndVerify_ImageInTheTrash_HasItsBytesAndIsNoFault()
    {
        using var store = await SmallStore.CreateAsync();
        await store.UseAsync(async services =>
        {
            var trashed = ImageLifecycle.Trash(store.Images[1], TimeSpan.FromDays(30), Samples.Someone)!;
            (await services.GetRequiredService<IImageCatalog>().CommitAsync([trashed], CancellationToken.None)).ShouldBe([CommitResult.Applied]);
            await services.GetRequiredService<IAuditLog>().AppendAsync(trashed.Event, CancellationToken.None);
            await services.GetRequiredService<IReportStore>().ApplyAsync(trashed.Event, CancellationToken.None);
        });
        store.Sql("imageaspire.db", "UPDATE subscriptions SET cursor=(SELECT max(seq) FROM messages)");

        (await store.VerifyAsync()).ShouldBe(new VerificationSummary(3, store.Images.Sum(image => image.Bytes), 0));
        await store.BackupAsync();
        (await store.VerifyBackupAsync()).Faults.ShouldBe(0);
        await store.RestoreAsync();

        await store.UseAsync(async services =>
        {
            (await services.GetRequiredService<IImageTrash>().ListAsync(new TrashQuery(), CancellationToken.None)).Items.ShouldHaveSingleItem().Id.ShouldBe(store.Images[1].Id);
            (await services.GetRequiredService<IBlobStore>().StatAsync(store.Images[1].BlobName, CancellationToken.None)).ShouldNotBeNull();
        }, store.Restored);
        store.Said.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("missing-bytes", false)]
    [InlineData("wrong-size", false)]
    [InlineData("wrong-bytes", false)]
    [InlineData("missing-thumbnail", true)]
    public async Task Verify_DamagedFile_IsNamed(string kind, bool thumbnail)
    {
        using var store = await SmallStore.CreateAsync();
        var path = store.PathOf(1, thumbnail);
        if (kind == "wrong-bytes")
            SmallStore.Flip(path);
        else if (kind == "wrong-size")
            SmallStore.Cut(path);
        else
            File.Delete(path);

        (await store.VerifyAsync()).Faults.ShouldBe(1);

        var fault = store.Said.Faults.ShouldHaveSingleItem();
        fault.ShouldStartWith($"FAULT {kind}: image {store.Images[1].Id}: {Path.GetRelativePath(store.Data, path)}");
        fault.ShouldContain(" -> copy this file from a backup");
        (await store.VerifyAsync(quick: true)).Faults.ShouldBe(kind == "wrong-bytes" ? 0 : 1);
    }

    [Theory]
    [InlineData("contradicting-record", "imageaspire.db", "UPDATE images SET bytes=bytes+1 WHERE rowid=(SELECT max(rowid) FROM images)")]
    [InlineData("contradicting-record", "imageaspire.db", "UPDATE images SET version=9 WHERE rowid=(SELECT max(rowid) FROM images)")]
    [InlineData("impossible-state", "imageaspire.db", "UPDATE images SET doc=json_remove(doc, '$.analysis') WHERE rowid=(SELECT max(rowid) FROM images)")]
    [InlineData("impossible-state", "imageaspire.db", "UPDATE images SET doc=json_remove(doc, '$.width') WHERE rowid=(SELECT max(rowid) FROM images)")]
    [InlineData("unreadable-record", "imageaspire.db", "UPDATE images SET doc='{' WHERE rowid=(SELECT max(rowid) FROM images)")]
    [InlineData("wrong-figures", "imageaspire.db", "UPDATE status_counts SET count=count+1")]
    [InlineData("wrong-figures", "imageaspire.db", "UPDATE tag_counts SET count=count+1")]
    [InlineData("wrong-figures", "imageaspire.db", "DELETE FROM images_text WHERE rowid=(SELECT max(rowid) FROM images)")]
    [InlineData("wrong-figures", "imageaspire.db", "DELETE FROM image_metadata WHERE image=(SELECT max(image) FROM image_metadata)")]
    [InlineData("wrong-figures", "imageaspire.db", "UPDATE image_metadata SET archived=1")]
    [InlineData("wrong-figures", "imageaspire.db", "INSERT INTO image_metadata(image, archived) VALUES(1, 0)")]
    [InlineData("wrong-figures", "imageaspire.db", "INSERT INTO vectors(model, sequence, image, numbers) VALUES(1, 99, 1, x'00')")]
    [InlineData("wrong-figures", "imageaspire.db", "INSERT INTO vector_models(kind, name, length, last, count) VALUES(0, 'gone', 8, 1, 1)")]
    [InlineData("missing-subscription", "imageaspire.db", "DELETE FROM subscriptions WHERE name='inspect-image'")]
    [InlineData("impossible-cursor", "imageaspire.db", "UPDATE subscriptions SET cursor=cursor+100000 WHERE name='record-audit'")]
    [InlineData("impossible-cursor", "imageaspire.db", "INSERT INTO deliveries(subscription, seq, state, due_at, lock_token, count) SELECT 'inspect-image', max(seq), 0, 0, 0, 1 FROM messages")]
    [InlineData("stray-deliveries", "imageaspire.db", "INSERT INTO deliveries(subscription, seq, state, due_at, lock_token, count) VALUES('unknown', 1, 0, 0, 0, 1)")]
    [InlineData("stray-deliveries", "imageaspire.db", "INSERT INTO deliveries(subscription, seq, state, due_at, lock_token, count) VALUES('record-audit', -1, 0, 0, 0, 1)")]
    [InlineData("wrong-reports", "reports.db", "UPDATE days SET received=received+1")]
    [InlineData("missing-audit", "audit.db", "DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE image=(SELECT image FROM audit ORDER BY sequence DESC LIMIT 1)")]
    [InlineData("broken-audit-chain", "audit.db", "DROP TRIGGER audit_no_update; UPDATE audit SET actor='else' WHERE sequence=2")]
    [InlineData("wrong-figures", "imageaspire.db", "UPDATE stored_bytes SET bytes=bytes+1")]
    [InlineData("newer-database", "operations.db", "PRAGMA user_version=99")]
    public async Task Verify_WrongRows_AreNamed(string kind, string file, string sql)
    {
        using var store = await SmallStore.CreateAsync();
        store.Sql(file, sql);

        (await store.VerifyAsync()).Faults.ShouldBe(1);

        store.Said.Faults.ShouldHaveSingleItem().ShouldStartWith($"FAULT {kind}: ");
    }

    [Theory]
    [InlineData("imageaspire.db")]
    [InlineData("audit.db")]
    public async Task Verify_CutDatabase_IsNamed(string file)
    {
        using var store = await SmallStore.CreateAsync(images: 50);
        SmallStore.Cut(Path.Combine(store.Data, file));

        (await store.VerifyAsync()).Faults.ShouldBeGreaterThan(0);

        store.Said.Faults.ShouldContain(line => line.StartsWith($"FAULT damaged-database: {file}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_ManyFaultsOfAKind_AreCountedAndTheFirstOnesNamed()
    {
        using var store = await SmallStore.CreateAsync(images: 25);
        for (var i = 0; i < 25; i++)
            File.Delete(store.PathOf(i));

        (await store.VerifyAsync()).Faults.ShouldBe(25);

        store.Said.Faults.Count().ShouldBe(21);
        store.Said.ShouldContain("FAULT missing-bytes: 5 more, 25 in all");
    }

    [Fact]
    public async Task Verify_BytesWithoutRecord_AreNoFaultAndNoted()
    {
        using var store = await SmallStore.CreateAsync();
        var orphan = store.PathOf(0).Replace($"{store.Images[0].Id}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal);
        await File.WriteAllBytesAsync(orphan, [1]);
        (await store.VerifyAsync()).Faults.ShouldBe(0);
        store.Said.ShouldNotContain(line => line.Contains(Path.GetFileName(orphan))); // young: perhaps an upload that is about to commit

        File.SetLastWriteTimeUtc(orphan, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (await store.VerifyAsync()).Faults.ShouldBe(0);
        store.Said.ShouldContain(line => line.Contains(Path.GetFileName(orphan)));
    }
}
