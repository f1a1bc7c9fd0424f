using Azure.Storage.Blobs;
using ImageAspire.Azure.Blobs;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

/// <summary>A container of its own for each test.</summary>
[NeedsServer(Variable, "Azurite (for example UseDevelopmentStorage=true)")]
public sealed class AzureBlobStoreTests : BlobStoreContract, IAsyncLifetime
{
    private const string Variable = "IMAGEASPIRE_TEST_BLOBS";
    private readonly string _name = $"test-{Guid.NewGuid():N}";
    private readonly HashSet<string> _before = [.. StagedFiles()]; // a process that was killed leaves its file

    public Task InitializeAsync() => Container().CreateAsync();

    public Task DisposeAsync() => Container().DeleteAsync();

    [ContractFact]
    public async Task Commit_Blob_HasItsMediaType()
    {
        await using var staged = await Open().StageAsync(CancellationToken.None);
        await staged.Content.WriteAsync(new byte[10], CancellationToken.None);
        await staged.CommitAsync("originals/abc", "image/webp", CancellationToken.None);

        (await Container().GetBlobClient("originals/abc").GetPropertiesAsync()).Value.ContentType.ShouldBe("image/webp");
    }

    [ContractFact]
    public async Task AnyCall_NoContainer_TheStoreIsUnavailable()
    {
        var store = new AzureBlobStore(new BlobContainerClient(Environment.GetEnvironmentVariable(Variable), "nobody-made-it"));
        await Should.ThrowAsync<StoreUnavailableException>(() => store.OpenAsync("originals/abc", 0, null, CancellationToken.None));
        await using var staged = await store.StageAsync(CancellationToken.None);
        await Should.ThrowAsync<StoreUnavailableException>(() => staged.CommitAsync("originals/abc", "image/webp", CancellationToken.None));
    }

    protected override IBlobStore Open() => new AzureBlobStore(Container());

    protected override int CountStaged() => StagedFiles().Count(file => !_before.Contains(file));

    private BlobContainerClient Container() => new(Environment.GetEnvironmentVariable(Variable), _name);

    private static string[] StagedFiles() => Directory.GetFiles(Path.GetTempPath(), "imageaspire-*.upload");
}
