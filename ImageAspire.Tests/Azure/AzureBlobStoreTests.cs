using Azure.Storage;
using Azure.Storage.Blobs;
using ImageAspire.Azure.Blobs;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

/// <summary>A container of its own for each test.</summary>
[Trait("Category", "Slow")]
public sealed class AzureBlobStoreTests : BlobStoreContract, IAsyncLifetime
{
    private readonly string _name = $"test-{Guid.NewGuid():N}";
    private string _connection = null!;
    private readonly HashSet<string> _before = [.. StagedFiles()]; // a process that was killed leaves its file

    public async ValueTask InitializeAsync()
    {
        _connection = await AzuriteServer.ConnectAsync();
        await Container().CreateAsync();
    }

    public async ValueTask DisposeAsync() => await Container().DeleteAsync();

    [Fact]
    public async Task Commit_Blob_HasItsMediaType()
    {
        await using var staged = await Open().StageAsync(CancellationToken.None);
        await staged.Content.WriteAsync(new byte[10], CancellationToken.None);
        await staged.CommitAsync("originals/abc", "image/webp", CancellationToken.None);

        (await Container().GetBlobClient("originals/abc").GetPropertiesAsync()).Value.ContentType.ShouldBe("image/webp");
    }

    [Fact]
    public Task AnyCall_NoContainer_TheStoreIsUnavailable() =>
        UnavailableAsync(new BlobContainerClient(_connection, "does-not-exist"));

    [Fact]
    public Task AnyCall_WrongKey_TheStoreIsUnavailable() =>
        UnavailableAsync(new BlobContainerClient(Container().Uri, new StorageSharedKeyCredential(Container().AccountName, Convert.ToBase64String(new byte[64]))));

    [Fact]
    public Task AnyCall_NoServer_TheStoreIsUnavailable() =>
        // Several tries: then the SDK throws another exception than after one.
        UnavailableAsync(new BlobContainerClient(new Uri("http://127.0.0.1:1/account/images"), new BlobClientOptions { Retry = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(1) } }));

    private static async Task UnavailableAsync(BlobContainerClient container)
    {
        var store = new AzureBlobStore(container);
        await Should.ThrowAsync<StoreUnavailableException>(() => store.OpenAsync("originals/abc", 0, null, CancellationToken.None));
        await Should.ThrowAsync<StoreUnavailableException>(async () => await store.ListAsync("originals/", CancellationToken.None).GetAsyncEnumerator().MoveNextAsync());
        await using var staged = await store.StageAsync(CancellationToken.None);
        await Should.ThrowAsync<StoreUnavailableException>(() => staged.CommitAsync("originals/abc", "image/webp", CancellationToken.None));
    }

    protected override IBlobStore Open() => new AzureBlobStore(Container());

    protected override int CountStaged() => StagedFiles().Count(file => !_before.Contains(file));

    private BlobContainerClient Container() => new(_connection, _name);

    private static string[] StagedFiles() => Directory.GetFiles(Path.GetTempPath(), "imageaspire-*.tmp");
}
