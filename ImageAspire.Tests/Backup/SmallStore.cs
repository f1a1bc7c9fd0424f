using System.Security.Cryptography;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Backup;

/// <summary>A data folder with real stores and a few images, and everything that backup, restore and verify say.</summary>
internal sealed class SmallStore : IDisposable
{
    private readonly TempFolder _folder = new();

    public SmallStore() => Directory.CreateDirectory(Data);

    public string Data => Path.Combine(_folder.Root, "data");

    public string Backup => Path.Combine(_folder.Root, "backup");

    public string Restored => Path.Combine(_folder.Root, "restored");

    public List<ImageRecord> Images { get; } = [];

    public Lines Said { get; } = new();

    public static async Task<SmallStore> CreateAsync(int images = 3)
    {
        var store = new SmallStore();
        await store.UseAsync(async services =>
        {
            for (var i = 0; i < images; i++)
                store.Images.Add(await store.AddAnalyzedAsync(services, TestImages.Jpeg(16, 16, i)));
        });
        store.Sql(MainDatabase.FileName, "UPDATE subscriptions SET cursor=(SELECT max(seq) FROM messages) WHERE name IN ('record-audit', 'update-reports')");
        return store;
    }

    public Task<BackupSummary> BackupAsync(bool copy = true) => new StoreBackup(TimeProvider.System, Said).RunAsync(Data, Backup, copy, CancellationToken.None);

    public Task<BackupSummary> RestoreAsync() => new StoreRestore(TimeProvider.System, Said).RunAsync(Backup, Restored, CancellationToken.None);

    public Task<VerificationSummary> VerifyAsync(bool quick = false, string? folder = null) =>
        new StoreVerification(TimeProvider.System, Said).StoreAsync(folder ?? Data, quick, CancellationToken.None);

    public Task<VerificationSummary> VerifyBackupAsync(bool quick = false) =>
        new StoreVerification(TimeProvider.System, Said).BackupAsync(Backup, quick, CancellationToken.None);

    public void Dispose() => _folder.Dispose();

    /// <summary>Opens the stores as a process would, and closes them.</summary>
    public async Task UseAsync(Func<IServiceProvider, Task> work, string? folder = null)
    {
        await using var services = new ServiceCollection().AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>))
            .AddEmbeddedBackend(options => options.DataFolder = folder ?? Data).BuildServiceProvider();
        await work(services);
    }

    /// <summary>Changes a database without the product.</summary>
    public void Sql(string file, string sql, string? folder = null)
    {
        using var session = new SqliteSession(Path.Combine(folder ?? Data, file), readOnly: false);
        session.Run(sql);
    }

    public object? Scalar(string file, string sql, string? folder = null)
    {
        using var session = new SqliteSession(Path.Combine(folder ?? Data, file), readOnly: true);
        return session.Scalar(sql);
    }

    /// <summary>Where a file of the store is: the original of an image, or its thumbnail.</summary>
    public string PathOf(int image, bool thumbnail = false, string? folder = null) =>
        Path.Combine(folder ?? Data, FileList.PathOf(StoreFiles.BlobsOf(Images[image]).ElementAt(thumbnail ? 1 : 0)));

    public static void Flip(string path, long? at = null)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = at ?? file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)~value);
    }

    public static void Cut(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.SetLength(file.Length / 2);
    }

    /// <summary>Uploads an image and takes it along its path, with every event in the audit log and the reports.</summary>
    public async Task<ImageRecord> AddAnalyzedAsync(IServiceProvider services, byte[] bytes)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var cause = new Cause("someone", DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
        var received = ImageLifecycle.Receive(Guid.CreateVersion7(cause.At), "photo.jpg", ImageFormat.Jpeg, bytes.Length, digest, null, cause);
        await WriteBlobAsync(services, received.After!.BlobName, bytes);
        var thumbnail = new ThumbnailInfo(256, 16, 16, "image/webp", 3);
        await WriteBlobAsync(services, BlobNames.Thumbnail(digest, received.After.Id, 256, "image/webp"), [1, 2, 3]);
        var inspected = ImageLifecycle.Inspect(received.After, new Inspection { Width = 16, Height = 16, Thumbnails = [thumbnail] }, cause);
        var analysis = new ImageAnalysis { Provider = "test", Model = "test/1", AnalyzedAt = cause.At, Tags = [new ImageTag("sky", 0.9)] };
        var analyzed = ImageLifecycle.Analyze(inspected.After!, analysis, cause);
        foreach (var transition in (Transition[])[received, inspected, analyzed])
        {
            (await services.GetRequiredService<IImageCatalog>().CommitAsync([transition], CancellationToken.None)).ShouldBe([CommitResult.Applied]);
            await services.GetRequiredService<IAuditLog>().AppendAsync(transition.Event, CancellationToken.None);
            await services.GetRequiredService<IReportStore>().ApplyAsync(transition.Event, CancellationToken.None);
        }

        return analyzed.After!;
    }

    private static async Task WriteBlobAsync(IServiceProvider services, string name, byte[] bytes)
    {
        await using var staged = await services.GetRequiredService<IBlobStore>().StageAsync(CancellationToken.None);
        await staged.Content.WriteAsync(bytes);
        (await staged.CommitAsync(name, "image/jpeg", CancellationToken.None)).ShouldBeTrue();
    }

    /// <summary>What an operator would read.</summary>
    internal sealed class Lines : List<string>, IProgress<string>
    {
        public IEnumerable<string> Faults => this.Where(line => line.StartsWith("FAULT ", StringComparison.Ordinal));

        public void Report(string value) => Add(value);
    }
}
