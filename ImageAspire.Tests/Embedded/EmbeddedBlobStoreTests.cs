using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedBlobStoreTests : BlobStoreContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<EmbeddedBlobStore> _stores = [];

    private string Staging => Path.Combine(_folder.Root, "blobs", ".staging");

    [Fact]
    public async Task Stage_LeftOversOfDeadProcesses_AreRemovedAfterAnHour()
    {
        var store = Open();
        var (old, fresh) = (Path.Combine(Staging, "old"), Path.Combine(Staging, "fresh"));
        await File.WriteAllTextAsync(old, "half a file");
        await File.WriteAllTextAsync(fresh, "another process is writing it");
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-61));

        await (await store.StageAsync(CancellationToken.None)).DisposeAsync();

        File.Exists(old).ShouldBeFalse();
        File.Exists(fresh).ShouldBeTrue();
    }

    [Fact]
    public async Task Commit_FolderWasRemovedMeanwhile_IsMadeAgain()
    {
        var store = Open();
        (await WriteAsync(store, "originals/abc")).ShouldBeTrue();
        Directory.Delete(Path.Combine(_folder.Root, "blobs", "originals"), recursive: true);
        (await WriteAsync(store, "originals/abd")).ShouldBeTrue();
    }

    [Fact]
    public async Task Replace_FolderWasRemovedMeanwhile_IsMadeAgain()
    {
        var store = Open();
        (await WriteAsync(store, "originals/abc")).ShouldBeTrue();
        Directory.Delete(Path.Combine(_folder.Root, "blobs", "originals"), recursive: true);
        await using var staged = await store.StageAsync(CancellationToken.None);
        await staged.Content.WriteAsync(new byte[10], CancellationToken.None);
        await staged.ReplaceAsync("originals/abc", "image/png", CancellationToken.None);
        (await store.StatAsync("originals/abc", CancellationToken.None))!.Bytes.ShouldBe(10);
    }

    [Fact]
    public async Task Commit_FileInTheWayOfAFolder_IOExceptionAndNothingLeft()
    {
        var store = Open();
        await File.WriteAllTextAsync(Path.Combine(_folder.Root, "blobs", "originals"), "in the way");
        await Should.ThrowAsync<IOException>(() => WriteAsync(store, "originals/abc"));
        CountStaged().ShouldBe(0);
    }

    protected override IBlobStore Open()
    {
        _stores.Add(new EmbeddedBlobStore(_folder.Data, TimeProvider.System));
        return _stores[^1];
    }

    protected override int CountStaged() => Directory.GetFiles(Staging).Length;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<bool> WriteAsync(IBlobStore store, string name)
    {
        await using var staged = await store.StageAsync(CancellationToken.None);
        await staged.Content.WriteAsync(new byte[10], CancellationToken.None);
        return await staged.CommitAsync(name, "image/png", CancellationToken.None);
    }
}
