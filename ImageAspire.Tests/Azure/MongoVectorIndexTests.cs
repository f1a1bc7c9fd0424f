using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Search;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoVectorIndexTests : VectorIndexContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override (IImageCatalog Catalog, IVectorIndex Index) Open() =>
        (new MongoImageCatalog(_mongo.Database, new OutboxQueue(), TimeProvider.System), new MongoVectorIndex(_mongo.Database));

    [Fact]
    public async Task Find_MoreImagesThanItCompares_IsRefusedUnlessFiltersLetFewerThrough()
    {
        var (catalog, _) = Open();
        var index = new MongoVectorIndex(_mongo.Database) { Most = 3 };
        await catalog.CommitAsync([.. Enumerable.Range(0, 4).Select(i => (Samples.Image($"{i}.jpg", i) with { Tags = i < 3 ? ["few"] : [] }).Insert() with { Vectors = FakeVectorizer.Seen("dog") })], CancellationToken.None);
        var query = new VectorQuery(VectorKind.Text, FakeVectorizer.Of("puppy"));

        await Should.ThrowAsync<VectorIndexTooLargeException>(() => index.FindAsync(query, CancellationToken.None));
        (await index.FindAsync(query with { Filter = new ImageQuery { Tag = "few" } }, CancellationToken.None)).Count.ShouldBe(3);
    }

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
