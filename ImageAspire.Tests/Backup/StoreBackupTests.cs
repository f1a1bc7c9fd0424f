using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Backup;

[Trait("Category", "Slow")]
public sealed class StoreBackupTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Backup_ThenRestore_IsTheSameStore(bool copy)
    {
        using var store = await SmallStore.CreateAsync();

        var made = await store.BackupAsync(copy);
        made.ShouldBe(new BackupSummary(3, made.Files, made.Bytes, copy ? 0 : made.Linked, 0));
        if (!copy && OperatingSystem.IsLinux())
            made.Linked.ShouldBe(6); // three originals, three thumbnails
        (await store.VerifyBackupAsync()).ShouldBe(new VerificationSummary(3, store.Images.Sum(image => image.Bytes), 0));
        (await store.RestoreAsync()).Images.ShouldBe(3);

        (await store.VerifyAsync(folder: store.Restored)).Faults.ShouldBe(0);
        await store.UseAsync(async services =>
        {
            foreach (var image in store.Images)
            {
                Samples.Json(await services.GetRequiredService<IImageCatalog>().GetAsync(image.Id, CancellationToken.None)).ShouldBe(Samples.Json(image));
                await using var content = (await services.GetRequiredService<IBlobStore>().OpenAsync(image.BlobName, 0, null, CancellationToken.None))!;
                using var bytes = new MemoryStream();
                await content.CopyToAsync(bytes);
                bytes.ToArray().ShouldBe(await File.ReadAllBytesAsync(store.PathOf(store.Images.IndexOf(image))));
            }

            (await services.GetRequiredService<IAuditLog>().QueryAsync(new AuditQuery(), CancellationToken.None)).Items.Count.ShouldBe(9);
        }, store.Restored);
        store.Said.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Backup_IsPrivateAndHasNothingBesideTheFilesInItsList()
    {
        using var store = await SmallStore.CreateAsync(images: 1);
        await store.BackupAsync();

        var files = Directory.EnumerateFiles(store.Backup, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(store.Backup, path).Replace('\\', '/')).ToList();
        var listed = new List<string>();
        await foreach (var file in FileList.ReadAsync(store.Backup, CancellationToken.None))
            listed.Add(file.Path);
        files.Order(StringComparer.Ordinal).ShouldBe(listed.Append(FileList.FileName).Append(BackupManifest.FileName).Order(StringComparer.Ordinal));
        if (OperatingSystem.IsWindows())
            return;
        File.GetUnixFileMode(store.Backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in files)
            File.GetUnixFileMode(Path.Combine(store.Backup, file)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public async Task Backup_KnowsEveryDatabaseThatTheBackendMakes()
    {
        using var store = new SmallStore();
        await store.UseAsync(async services =>
        {
            _ = services.GetRequiredService<IImageCatalog>();
            _ = services.GetRequiredService<IAuditLog>();
            _ = services.GetRequiredService<IReportStore>();
            _ = services.GetRequiredService<IWebhookStore>();
            _ = services.GetRequiredService<IApiKeyStore>();
            await services.GetRequiredService<IReprocessingJobStore>().ListAsync(CancellationToken.None);
        });

        Directory.EnumerateFiles(store.Data, "*.db").Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(StoreFiles.Databases.Select(one => one.File).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Backup_OfWhatIsHeld_LetsGo()
    {
        using var store = await SmallStore.CreateAsync();
        store.Sql(MainDatabase.FileName, "INSERT INTO deliveries(subscription, seq, state, due_at, lock_token, count) SELECT 'inspect-image', min(seq), 1, 9999999999999, 7, 5 FROM messages");
        store.Sql(MainDatabase.FileName, "UPDATE subscriptions SET cursor=1 WHERE name='inspect-image'");
        store.Sql(MainDatabase.FileName, "INSERT INTO listeners(id, port, cursor, expires_at) VALUES('gone', 1, 0, 9999999999999)");
        await store.UseAsync(services => services.GetRequiredService<IWebhookStore>().ListAsync(CancellationToken.None));
        store.Sql(WebhookSchema.FileName, """
            INSERT INTO deliveries(id, webhook, event, type, body, created_at, state, tries, due, lease, attempts)
            VALUES(x'01', x'02', x'03', 'image.analyzed', '{}', 1, 0, 0, 9999999999999, x'04', '[]')
            """);

        await store.BackupAsync();
        await store.RestoreAsync();

        store.Scalar(MainDatabase.FileName, "SELECT count(*) FROM deliveries WHERE state=0 AND count=4 AND due_at<9999999999999", store.Restored).ShouldBe(1L);
        store.Scalar(MainDatabase.FileName, "SELECT count(*) FROM listeners", store.Restored).ShouldBe(0L);
        store.Scalar(WebhookSchema.FileName, "SELECT count(*) FROM deliveries WHERE lease IS NULL AND due<9999999999999", store.Restored).ShouldBe(1L);
        store.Scalar(MainDatabase.FileName, "SELECT count(*) FROM listeners").ShouldBe(1L); // the store itself is as it was
    }

    [Fact]
    public async Task Backup_OfAStoreThatLacksBytes_SaysSoAndHasTheRest()
    {
        using var store = await SmallStore.CreateAsync();
        File.Delete(store.PathOf(1));
        SmallStore.Flip(store.PathOf(2));

        (await store.BackupAsync()).Faults.ShouldBe(2);

        store.Said.Faults.Count().ShouldBe(2);
        (await store.VerifyBackupAsync()).Faults.ShouldBe(2);
        (await store.RestoreAsync()).Faults.ShouldBe(2);
        (await store.VerifyAsync(folder: store.Restored)).Faults.ShouldBe(2);
        File.Exists(store.PathOf(0, folder: store.Restored)).ShouldBeTrue();
    }
}
