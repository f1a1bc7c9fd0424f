using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IVectorIndex"/> and its catalog must do with vectors.</summary>
public abstract partial class VectorIndexContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>One more instance on this test's store.</summary>
    protected abstract (IImageCatalog Catalog, IVectorIndex Index) Open();

    [Fact]
    public async Task Find_VectorsCommittedWithRecords_BestFirstInEveryInstance()
    {
        var (catalog, index) = Open();
        var (_, other) = Open();
        (await index.FindAsync(Query("puppy"), None)).ShouldBeEmpty(); // before there is any
        var (dog, hound, car) = (Samples.Image("dog.jpg"), Samples.Image("hound.jpg", 1), Samples.Image("car.jpg", 2));
        await catalog.CommitAsync([Insert(dog, FakeVectorizer.Seen("dog")), Insert(car, FakeVectorizer.Seen("car"))], None);
        await CheckAsync([dog.Id]);

        await catalog.CommitAsync([Insert(hound, FakeVectorizer.Seen("puppy"))], None); // after both instances have read
        await CheckAsync([hound.Id, dog.Id]);

        async Task CheckAsync(Guid[] wanted)
        {
            foreach (var one in (IVectorIndex[])[index, other])
            {
                var found = await one.FindAsync(Query("puppy"), None);
                found.Select(image => image.Image.Id).ShouldBe(wanted);
                found[^1].Score.ShouldBe(0.9, 0.01);
                Samples.Json(found[^1].Image).ShouldBe(Samples.Json(dog));
            }
        }
    }

    [Fact]
    public async Task Find_OtherKindModelOrLength_IsNeverCompared()
    {
        var (catalog, index) = Open();
        var dog = FakeVectorizer.Of("dog");
        var image = Samples.Image();
        await catalog.CommitAsync([Insert(image, [new(VectorKind.Text, dog), new(VectorKind.Image, EmbeddingVector.TryCreate("short", new float[] { 1, 2, 3, 4, 5, 6, 7, 8 })!)])], None);

        (await index.FindAsync(new VectorQuery(VectorKind.Text, dog), None)).Count.ShouldBe(1);
        (await index.FindAsync(new VectorQuery(VectorKind.Image, dog), None)).ShouldBeEmpty();
        (await index.FindAsync(new VectorQuery(VectorKind.Text, FakeVectorizer.Of("dog", "fake-text/2")), None)).ShouldBeEmpty();
        (await index.FindAsync(new VectorQuery(VectorKind.Image, EmbeddingVector.TryCreate("short", new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 })!), None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Find_SeveralVectorsOfAnImage_TheBestCountsAndTheImageComesOnce()
    {
        var (catalog, index) = Open();
        var street = Samples.Image("street.jpg");
        await catalog.CommitAsync([Insert(street, FakeVectorizer.Seen("car", "bench", "dog", "hound"))], None);

        (await index.FindAsync(Query("dog"), None)).ShouldHaveSingleItem().Score.ShouldBe(1, 0.01);
        (await index.FindAsync(Query("vehicle"), None)).ShouldHaveSingleItem().Score.ShouldBe(0.9, 0.01);
    }

    [Fact]
    public async Task Commit_NewVectors_ReplaceThoseOfTheirKindOnly()
    {
        var (catalog, index) = Open();
        var image = Samples.Image();
        await catalog.CommitAsync([Insert(image, [.. FakeVectorizer.Seen("dog", "bench"), FakeVectorizer.Image("meadow")])], None);

        await catalog.CommitAsync([image.Replace(r => r with { Name = "b.jpg" })], None); // without vectors: they stay
        (await index.GetAsync(image.Id, None)).Count.ShouldBe(3);
        var changed = (await catalog.GetAsync(image.Id, None))!;
        await catalog.CommitAsync([changed.Replace(r => r) with { Vectors = FakeVectorizer.Seen("car") }], None);

        (await index.GetAsync(image.Id, None)).Select(one => one.Kind).ShouldBe([VectorKind.Text, VectorKind.Image], ignoreOrder: true);
        (await index.FindAsync(Query("puppy"), None)).ShouldBeEmpty();
        (await index.FindAsync(Query("vehicle"), None)).Count.ShouldBe(1);
        (await index.FindAsync(new VectorQuery(VectorKind.Image, FakeVectorizer.Of("meadow", "fake-image/1")) { MinScore = 0.9 }, None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Commit_StaleOrDuplicate_WritesNoVector()
    {
        var (catalog, index) = Open();
        var image = Samples.Image();
        await catalog.CommitAsync([Insert(image, FakeVectorizer.Seen("dog"))], None);
        var first = image.Replace(r => r with { Name = "b.jpg" });
        await catalog.CommitAsync([first], None);

        (await catalog.CommitAsync([image.Replace(r => r) with { Vectors = FakeVectorizer.Seen("car") }], None)).ShouldBe([CommitResult.Stale]);
        (await catalog.CommitAsync([Insert(Samples.Image() with { Sha256 = image.Sha256 }, FakeVectorizer.Seen("car"))], None)).ShouldBe([CommitResult.Duplicate]);

        (await index.FindAsync(Query("vehicle"), None)).ShouldBeEmpty();
        (await index.FindAsync(Query("puppy"), None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Commit_Deletion_RemovesTheVectors()
    {
        var (catalog, index) = Open();
        var image = Samples.Image() with { PerceptualHash = "00000000ffffffff" };
        await catalog.CommitAsync([Insert(image, [.. FakeVectorizer.Seen("dog"), FakeVectorizer.Image("meadow")])], None);
        (await index.FindAsync(Query("puppy"), None)).Count.ShouldBe(1);

        await catalog.CommitAsync([image.Delete()], None);

        (await index.FindAsync(Query("puppy"), None)).ShouldBeEmpty();
        (await index.GetAsync(image.Id, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_Image_HasWhatWasStored()
    {
        var (catalog, index) = Open();
        var image = Samples.Image() with { PerceptualHash = "0123456789abcdef" };
        var meadow = FakeVectorizer.Image("meadow");
        await catalog.CommitAsync([Insert(image, [meadow])], None);

        var vectors = await index.GetAsync(image.Id, None);

        vectors.Single(one => one.Kind == VectorKind.Image).Vector.Model.ShouldBe("fake-image/1");
        meadow.Vector.Similarity(vectors.Single(one => one.Kind == VectorKind.Image).Vector.Pack()).ShouldBe(1, 0.001);
        PerceptualVector.Of(image.PerceptualHash)!.Similarity(vectors.Single(one => one.Kind == VectorKind.Hash).Vector.Pack()).ShouldBe(1, 0.001);
        (await index.GetAsync(Guid.NewGuid(), None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0123456789abcdef", 0)]
    [InlineData("0123456789abcdee", 1)]
    [InlineData("0123456789abcd10", 8)]
    [InlineData("0123456789abc210", null)] // 12
    [InlineData("fedcba9876543210", null)]
    [InlineData("0000000000000000", null)]
    public async Task Find_Hash_ByItsDistance(string hash, int? distance)
    {
        var (catalog, index) = Open();
        await catalog.CommitAsync([(Samples.Image() with { PerceptualHash = hash }).Insert()], None);

        var found = await index.FindAsync(new VectorQuery(VectorKind.Hash, PerceptualVector.Of("0123456789abcdef")!) { MinScore = PerceptualVector.ScoreOf(8) }, None);

        found.Select(one => (int?)Math.Round((1 - one.Score) * 32)).ShouldBe(distance is null ? [] : [distance]);
    }

    [Fact]
    public async Task Commit_NewHash_ReplacesTheOld()
    {
        var (catalog, index) = Open();
        var image = Samples.Image();
        var measured = image.Replace(r => r with { PerceptualHash = "0123456789abcdef" });
        await catalog.CommitAsync([image.Insert(), measured], None);
        await catalog.CommitAsync([measured.After!.Replace(r => r with { PerceptualHash = "fedcba9876543210" })], None);

        (await index.FindAsync(Near("0123456789abcdef"), None)).ShouldBeEmpty();
        (await index.FindAsync(Near("fedcba9876543210"), None)).Count.ShouldBe(1);

        static VectorQuery Near(string hash) => new(VectorKind.Hash, PerceptualVector.Of(hash)!) { MinScore = 0.9 };
    }

    private static VectorQuery Query(string text) => new(VectorKind.Text, FakeVectorizer.Of(text)) { MinScore = 0.5 };

    private static Transition Insert(ImageRecord record, IReadOnlyList<ImageVector> vectors) => record.Insert() with { Vectors = vectors };
}
