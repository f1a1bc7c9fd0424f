using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using ImageAspire.Azure.Uploads;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

/// <summary>A container of its own for each test.</summary>
[Trait("Category", "Slow")]
public sealed class AzureUploadStoreTests : UploadStoreContract, IAsyncLifetime
{
    private readonly string _name = $"test-{Guid.NewGuid():N}";
    private string _connection = null!;

    public async ValueTask InitializeAsync()
    {
        _connection = await AzuriteServer.ConnectAsync();
        await Container().CreateAsync();
    }

    public async ValueTask DisposeAsync() => await Container().DeleteAsync();

    [Fact]
    public async Task Append_LeaseOfAnotherProcess_ChangesNothing()
    {
        var (store, upload) = (Open(), New());
        await store.CreateAsync(upload, CancellationToken.None);
        await using var hold = (await store.TryAcquireAsync(upload.Owner, upload.Id, CancellationToken.None))!;
        await UploadBlob.Of(Container(), upload.Owner, upload.Id).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
        await using var other = (await Open().TryAcquireAsync(upload.Owner, upload.Id, CancellationToken.None))!;
        await other.AppendAsync(new byte[] { 1, 2 }, CancellationToken.None);

        await Should.ThrowAsync<StoreUnavailableException>(() => hold.AppendAsync(new byte[] { 3 }, CancellationToken.None));

        (await store.FindAsync(upload.Owner, upload.Id, CancellationToken.None))!.Offset.ShouldBe(2);
    }

    [Fact]
    public async Task AnyCall_NoServer_TheStoreIsUnavailable()
    {
        var store = new AzureUploadStore(new BlobContainerClient(new Uri("http://127.0.0.1:1/account/uploads"),
            new BlobClientOptions { Retry = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(1) } }), TimeProvider.System);
        await Should.ThrowAsync<StoreUnavailableException>(() => store.CreateAsync(New(), CancellationToken.None));
        await Should.ThrowAsync<StoreUnavailableException>(() => store.FindAsync(Guid.NewGuid(), Guid.NewGuid(), CancellationToken.None));
        await Should.ThrowAsync<StoreUnavailableException>(() => store.CountAsync(Guid.NewGuid(), CancellationToken.None));
    }

    protected override IUploadStore Open() => new AzureUploadStore(Container(), TimeProvider.System);

    private BlobContainerClient Container() => new(_connection, _name);
}
