using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Core;

public sealed class ReceiveImageFaultTests
{
    [Fact]
    public async Task Commit_BlobOfALaterFileFails_LeavesNoBytesOfTheEarlierOnes()
    {
        await using var host = new StageHost();
        var receive = new ReceiveImage(host.Catalog, new FullDisk(host.Blobs, after: 2), host.Findings, TimeProvider.System);
        var files = new List<StagedImage>();
        for (var seed = 1; seed <= 3; seed++)
            files.Add(await receive.StageAsync(new MemoryStream(TestImages.Png(seed: seed)), "a.png", 1 << 20, CancellationToken.None));

        await Should.ThrowAsync<StoreUnavailableException>(() => receive.CommitAsync(files, new Uploader("tester"), CancellationToken.None));

        (await host.BlobsInAsync(BlobNames.Originals)).ShouldBeEmpty();
        host.StagedFiles().ShouldBe(0);
        host.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Commit_OneFileLosesToADeletedImage_KeepsTheBytesOfTheOthers()
    {
        await using var host = new StageHost();
        var receive = new ReceiveImage(new FirstIsDuplicate(host.Catalog), host.Blobs, host.Findings, TimeProvider.System);
        StagedImage[] files = [await StageAsync(host, TestImages.Png(seed: 1)), await StageAsync(host, TestImages.Png(seed: 2))];
        var kept = files[1].Sha256;

        await Should.ThrowAsync<RetryLaterException>(() => receive.CommitAsync(files, new Uploader("tester"), CancellationToken.None));

        var record = (await host.Catalog.FindAsync(kept, CancellationToken.None)).ShouldNotBeNull();
        (await host.BlobsInAsync(BlobNames.Originals)).ShouldBe([record.BlobName]);
    }

    private static Task<StagedImage> StageAsync(StageHost host, byte[] file) =>
        host.Receive.StageAsync(new MemoryStream(file), "a", 1_000_000, CancellationToken.None);

    /// <summary>A store that commits so many blobs, and then has no space left.</summary>
    private sealed class FullDisk(IBlobStore inner, int after) : IBlobStore
    {
        private int _left = after;

        public async Task<IStagedBlob> StageAsync(CancellationToken cancellationToken) => new Staged(await inner.StageAsync(cancellationToken), this);

        public Task<Stream?> OpenAsync(string name, long offset, long? length, CancellationToken cancellationToken) => inner.OpenAsync(name, offset, length, cancellationToken);

        public Task<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken) => inner.StatAsync(name, cancellationToken);

        public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

        public IAsyncEnumerable<BlobInfo> ListAsync(string folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);

        private sealed class Staged(IStagedBlob blob, FullDisk disk) : IStagedBlob
        {
            public Stream Content => blob.Content;

            public Task<bool> CommitAsync(string name, string contentType, CancellationToken cancellationToken) => disk._left-- > 0
                ? blob.CommitAsync(name, contentType, cancellationToken)
                : throw new StoreUnavailableException("The disk is full.") { Problem = StoreProblem.Full };

            public Task ReplaceAsync(string name, string contentType, CancellationToken cancellationToken) => blob.ReplaceAsync(name, contentType, cancellationToken);

            public ValueTask DisposeAsync() => blob.DisposeAsync();
        }
    }

    /// <summary>A catalog in which the first new image is a duplicate of one that is gone when it is looked for.</summary>
    private sealed class FirstIsDuplicate(IImageCatalog inner) : IImageCatalog
    {
        public Task<ImageRecord?> GetWithTrashAsync(Guid id, CancellationToken cancellationToken) => inner.GetWithTrashAsync(id, cancellationToken);

        public Task<ImageRecord?> FindAsync(string sha256, CancellationToken cancellationToken) => Task.FromResult<ImageRecord?>(null);

        public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Transition> transitions, CancellationToken cancellationToken) =>
            [CommitResult.Duplicate, .. await inner.CommitAsync([.. transitions.Skip(1)], cancellationToken)];

        public Task<ImagePage> QueryAsync(ImageQuery query, CancellationToken cancellationToken) => inner.QueryAsync(query, cancellationToken);

        public Task<IReadOnlyList<FacetCount>> CountAsync(Facet facet, int limit, CancellationToken cancellationToken) => inner.CountAsync(facet, limit, cancellationToken);
    }
}
