using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Search;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedVectorIndexTests : VectorIndexContract, IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempFolder _folder = new();
    private readonly Stack<SqliteDatabase> _open = [];

    protected override (IImageCatalog Catalog, IVectorIndex Index) Open()
    {
        var database = MainDatabase.Open(_folder.Data);
        _open.Push(database);
        return (new EmbeddedImageCatalog(database, new NoEvents()), new EmbeddedVectorIndex(database));
    }

    public async ValueTask DisposeAsync()
    {
        while (_open.TryPop(out var database))
            await database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Find_ManyClusteredVectors_TheBestTenAreThoseOfAnExactComparison()
    {
        var (catalog, index) = Open();
        var random = new Random(7);
        var vectors = Enumerable.Range(0, 5_000).Select(i => RandomVectors.Near(RandomVectors.Center(new Random(i % 50), 512), random, 0.6)).ToList();
        var images = vectors.Select((_, i) => Samples.Image($"{i}.jpg", i)).ToList();
        foreach (var part in images.Zip(vectors).Chunk(500))
            await catalog.CommitAsync([.. part.Select(one => one.First.Insert() with { Vectors = [new ImageVector(VectorKind.Image, one.Second)] })], None);

        foreach (var wanted in vectors.Take(20))
        {
            var exact = images.Zip(vectors).Select(one => (one.First.Id, Score: wanted.Similarity(one.Second.Pack()))).OrderByDescending(one => one.Score).Take(10);
            (await index.FindAsync(new VectorQuery(VectorKind.Image, wanted) { Limit = 10 }, None)).Select(one => one.Image.Id).ShouldBe(exact.Select(one => one.Id));
        }
    }

    [Fact]
    public async Task Find_AfterEveryImageWasAnalyzedAgainAndAgain_TheVectorsThatAreGoneAreForgotten()
    {
        var (catalog, index) = Open();
        var images = Enumerable.Range(0, 600).Select(i => Samples.Image($"{i}.jpg", i)).ToList();
        await catalog.CommitAsync([.. images.Select(image => image.Insert() with { Vectors = FakeVectorizer.Seen("dog") })], None);
        var query = new VectorQuery(VectorKind.Text, FakeVectorizer.Of("puppy")) { MinScore = 0.5, Limit = 201 };
        for (var round = 0; round < 6; round++)
        {
            var moves = images.Select(image => image.Replace(r => r) with { Vectors = FakeVectorizer.Seen("dog") }).ToList();
            await catalog.CommitAsync(moves, None);
            images = [.. moves.Select(move => move.After!)];
            (await index.FindAsync(query, None)).Count.ShouldBe(201);
        }
    }

    [Fact]
    public async Task Find_FewImagesPassAFilterAmongMany_AllOfThemAreFound()
    {
        var (catalog, index) = Open();
        var images = Enumerable.Range(0, 3_000).Select(i => Samples.Image($"{i}.jpg", i) with { Tags = i % 300 == 0 ? ["rare"] : [] }).ToList();
        await catalog.CommitAsync([.. images.Select((image, i) => image.Insert() with { Vectors = FakeVectorizer.Seen(i % 300 == 0 ? "dog" : "puppy") })], None);

        // 2,990 are nearer.
        (await index.FindAsync(new VectorQuery(VectorKind.Text, FakeVectorizer.Of("puppy")) { Filter = new ImageQuery { Tag = "rare" } }, None))
            .Select(one => one.Image.Name).ShouldBe(images.Where(image => image.Tags.Count > 0).Reverse().Select(image => image.Name));
    }
}
