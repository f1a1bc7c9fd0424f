using ImageAspire.Api;
using ImageAspire.Api.Images;
using ImageAspire.Api.Search;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

public sealed class PageCacheTests
{
    private readonly LargePages _catalog = new();

    [Fact]
    public async Task Get_SamePageAgain_IsFromMemory()
    {
        var cache = Cache();

        (await cache.GetAsync(Page())).ShouldBeSameAs(await cache.GetAsync(Page()));

        _catalog.Queries.ShouldBe(1);
    }

    [Fact]
    public async Task Get_MorePagesThanItsMemory_ForgetsTheFirst()
    {
        var cache = Cache();
        var bytes = (await cache.GetAsync(Page(1))).Body.Length;
        for (var limit = 2; limit <= PageCache.MaxBytes / bytes + 1; limit++)
            await cache.GetAsync(Page(limit));
        var before = _catalog.Queries;

        await cache.GetAsync(Page(1));

        _catalog.Queries.ShouldBe(before + 1);
    }

    private static ListRequest Page(int limit = 50) => new(new ImageQuery { Limit = limit }, ByMeaning: true);

    private PageCache Cache() => new(new ImageSearch(_catalog, null!, null!, new SearchOptions()), new ApiOptions(), new FakeTimeProvider());

    /// <summary>Each page has megabytes.</summary>
    private sealed class LargePages : IImageCatalog
    {
        private readonly ImageRecord _record = Samples.Received() with { Metadata = new ImageMetadata { Description = new string('x', 4 << 20) } };

        public int Queries { get; private set; }

        public Task<ImagePage> QueryAsync(ImageQuery query, CancellationToken cancellationToken)
        {
            Queries++;
            return Task.FromResult(new ImagePage([_record], null));
        }

        public Task<ImageRecord?> GetWithTrashAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ImageRecord?> FindAsync(string sha256, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Transition> transitions, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<FacetCount>> CountAsync(Facet facet, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
