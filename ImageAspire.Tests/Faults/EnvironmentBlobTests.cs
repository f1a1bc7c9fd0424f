using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Faults;

/// <summary>The bytes of an image and its record: one of them is refused, or changes.</summary>
[Trait("Category", "Slow")]
public sealed class EnvironmentBlobTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services;

    public EnvironmentBlobTests() => _services = new ServiceCollection().AddLogging()
        .AddEmbeddedBackend(options => options.DataFolder = _folder.Root).BuildServiceProvider();

    private IImageCatalog Catalog => _services.GetRequiredService<IImageCatalog>();

    private IBlobStore Blobs => _services.GetRequiredService<IBlobStore>();

    private IScrubFindingStore Findings => _services.GetRequiredService<IScrubFindingStore>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true, false)] // the store knows that nothing stands: the bytes go, least of all they fill a full disk
    [InlineData(false, true)] // unknown: they stay, and the sweeper decides
    public async Task CommitRefused_AfterTheBytesWereStored_LeavesThemOnlyWhenTheRecordMayStand(bool nothingWritten, bool stays)
    {
        var receive = new ReceiveImage(new RefusingCatalog(nothingWritten), Blobs, Findings, TimeProvider.System);
        var staged = await receive.StageAsync(new MemoryStream(TestImages.Jpeg()), "a.jpg", 1 << 20, CancellationToken.None);

        await Should.ThrowAsync<StoreUnavailableException>(() => receive.CommitAsync([staged], new Uploader("tester"), CancellationToken.None));

        Directory.GetFiles(Path.Combine(_folder.Root, "blobs"), "*", SearchOption.AllDirectories).Length.ShouldBe(stays ? 1 : 0);
    }

    [Fact]
    public async Task BytesChanged_InTheStore_AreNoFaultOfTheFileAndTheSameUploadMendsThem()
    {
        var file = TestImages.Jpeg(seed: 5);
        var record = await UploadAsync(file);
        var path = Directory.GetFiles(Path.Combine(_folder.Root, "blobs"), $"*{record.Id}*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        var flipped = (byte[])file.Clone();
        flipped[^20] ^= 1;
        await File.WriteAllBytesAsync(path, flipped);
        var inspect = new InspectImage(Catalog, Blobs, new NoDecoder(), TimeProvider.System);

        var error = await Should.ThrowAsync<PermanentFailureException>(() => inspect.ExecuteAsync(Samples.Event("image.received", record), CancellationToken.None));

        error.Code.ShouldBe(FailureCodes.ContentUnavailable);
        await inspect.FailAsync(Samples.Event("image.received", record),
            new ImageFailure(nameof(InspectImage), error.Code, error.Message, 1, TimeProvider.System.GetUtcNow()), CancellationToken.None);
        (await UploadAsync(file)).Id.ShouldBe(record.Id);
        (await File.ReadAllBytesAsync(path)).ShouldBe(file);
        (await Catalog.GetAsync(record.Id, CancellationToken.None))!.Status.ShouldBe(ImageStatus.Received);
    }

    private async Task<ImageRecord> UploadAsync(byte[] file)
    {
        var receive = new ReceiveImage(Catalog, Blobs, Findings, TimeProvider.System);
        var staged = await receive.StageAsync(new MemoryStream(file), "a.jpg", 1 << 20, CancellationToken.None);
        return (await receive.CommitAsync([staged], new Uploader("tester"), CancellationToken.None))[0].Record;
    }

    private sealed class NoDecoder : IImageDecoder
    {
        public bool CanDecode => true;

        public Task<InspectedImage> InspectAsync(Stream content, ImageFormat format, CancellationToken cancellationToken) => throw new InvalidOperationException("not asked");
    }

    private sealed class RefusingCatalog(bool nothingWritten) : IImageCatalog
    {
        public Task<ImageRecord?> GetWithTrashAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult<ImageRecord?>(null);

        public Task<ImageRecord?> FindAsync(string sha256, CancellationToken cancellationToken) => Task.FromResult<ImageRecord?>(null);

        public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Transition> transitions, CancellationToken cancellationToken) =>
            throw new StoreUnavailableException("full") { Problem = StoreProblem.Full, NothingWritten = nothingWritten };

        public Task<ImagePage> QueryAsync(ImageQuery query, CancellationToken cancellationToken) => throw new InvalidOperationException("not asked");

        public Task<IReadOnlyList<FacetCount>> CountAsync(Facet facet, int limit, CancellationToken cancellationToken) => throw new InvalidOperationException("not asked");
    }
}
