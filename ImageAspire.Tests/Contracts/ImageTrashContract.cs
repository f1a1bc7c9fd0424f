using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IImageTrash"/>, and the catalog and the vector index beside it, must do with images in the trash.</summary>
public abstract class ImageTrashContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>The trash of this test's store.</summary>
    protected abstract IImageTrash Trash { get; }

    /// <summary>Its catalog.</summary>
    protected abstract IImageCatalog Catalog { get; }

    /// <summary>Its vector index.</summary>
    protected abstract IVectorIndex Vectors { get; }

    [Fact]
    public async Task Trashed_IsInNoListAndNoCountButInTheTrash()
    {
        var (image, other) = (Zebra(1), Samples.Image("other.jpg", 2));
        await Catalog.CommitAsync([image.Insert(), other.Insert()], None);

        var trashed = await MoveAsync(image);

        (await Catalog.GetAsync(image.Id, None)).ShouldBeNull();
        Samples.Json(await Catalog.GetWithTrashAsync(image.Id, None)).ShouldBe(Samples.Json(trashed));
        Samples.Json(await Catalog.FindAsync(image.Sha256, None)).ShouldBe(Samples.Json(trashed));
        foreach (var query in Queries())
            (await Catalog.QueryAsync(query, None)).Items.ShouldNotContain(one => one.Id == image.Id, query.ToString());
        (await Catalog.QueryAsync(new ImageQuery { Archived = null }, None)).Items.ShouldHaveSingleItem().Id.ShouldBe(other.Id);
        (await Catalog.CountAsync(Facet.Tag, 10, None)).ShouldBeEmpty();
        (await Catalog.CountAsync(Facet.Status, 10, None)).ShouldBe([new FacetCount("received", 1)]);
        Samples.Json((await Trash.ListAsync(new TrashQuery(), None)).Items.ShouldHaveSingleItem()).ShouldBe(Samples.Json(trashed));
    }

    [Fact]
    public async Task Trashed_Archived_IsNotAmongTheArchivedAndRestoredAsOne()
    {
        var image = Zebra(1) with { ArchivedAt = Samples.Noon };
        await Catalog.CommitAsync([image.Insert()], None);

        var trashed = await MoveAsync(image);
        (await Catalog.QueryAsync(new ImageQuery { Archived = true }, None)).Items.ShouldBeEmpty();
        await Catalog.CommitAsync([ImageLifecycle.Restore(trashed, Samples.Someone)!], None);

        (await Catalog.QueryAsync(new ImageQuery { Archived = true }, None)).Items.ShouldHaveSingleItem().ArchivedAt.ShouldBe(Samples.Noon);
        (await Catalog.CountAsync(Facet.Tag, 10, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Restored_IsInEveryListAndCountAgain()
    {
        var image = Zebra(1);
        await Catalog.CommitAsync([image.Insert()], None);
        var trashed = await MoveAsync(image);

        (await Catalog.CommitAsync([ImageLifecycle.Restore(trashed, Samples.Someone)!], None)).ShouldBe([CommitResult.Applied]);

        (await Trash.ListAsync(new TrashQuery(), None)).Items.ShouldBeEmpty();
        foreach (var query in Queries())
            (await Catalog.QueryAsync(query, None)).Items.ShouldHaveSingleItem(query.ToString()).Id.ShouldBe(image.Id);
        (await Catalog.CountAsync(Facet.Tag, 10, None)).ShouldBe([new FacetCount("zebra", 1)]);
        (await Catalog.CountAsync(Facet.Status, 10, None)).ShouldBe([new FacetCount("analyzed", 1)]);
    }

    [Fact]
    public async Task Purged_FromTheTrash_IsGoneAndItsBytesCanComeAgain()
    {
        var image = Zebra(1);
        await Catalog.CommitAsync([image.Insert()], None);
        var trashed = await MoveAsync(image);
        (await Catalog.CommitAsync([(Samples.Image() with { Sha256 = image.Sha256 }).Insert()], None)).ShouldBe([CommitResult.Duplicate]);

        (await Catalog.CommitAsync([ImageLifecycle.Purge(trashed, Samples.Someone)], None)).ShouldBe([CommitResult.Applied]);

        (await Trash.ListAsync(new TrashQuery(), None)).Items.ShouldBeEmpty();
        (await Catalog.GetWithTrashAsync(image.Id, None)).ShouldBeNull();
        (await Catalog.CountAsync(Facet.Status, 10, None)).ShouldBeEmpty();
        (await Catalog.CommitAsync([(Samples.Image() with { Sha256 = image.Sha256 }).Insert()], None)).ShouldBe([CommitResult.Applied]);
    }

    [Fact]
    public async Task List_ManyPages_EachOnceThoseThatArePurgedLastFirst()
    {
        var images = Enumerable.Range(0, 25).Select(i => Samples.Image($"{i}.jpg", i)).ToList();
        await Catalog.CommitAsync([.. images.Select(image => image.Insert())], None);
        // Five images at each of five times.
        await Catalog.CommitAsync([.. images.Select((image, i) => ImageLifecycle.Trash(image, Month, At(i / 5))!)], None);

        var listed = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await Trash.ListAsync(new TrashQuery { Limit = 7, Cursor = cursor }, None);
            listed.AddRange(page.Items.Select(one => one.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        listed.ShouldBe(images.Select(image => image.Id).Reverse());
    }

    [Fact]
    public async Task List_Due_OnlyWhatIsToBePurgedByThen()
    {
        var images = Enumerable.Range(0, 4).Select(i => Samples.Image($"{i}.jpg", i)).ToList();
        await Catalog.CommitAsync([.. images.Select(image => image.Insert())], None);
        await Catalog.CommitAsync([.. images.Select((image, i) => ImageLifecycle.Trash(image, Month, At(i))!)], None);

        var due = new TrashQuery { DueAt = At(1).At + Month, Limit = 1 };
        var first = await Trash.ListAsync(due, None);

        first.Items.ShouldHaveSingleItem().Id.ShouldBe(images[1].Id);
        (await Trash.ListAsync(due with { Cursor = first.Next }, None)).ShouldSatisfyAllConditions(page => page.Items.ShouldHaveSingleItem().Id.ShouldBe(images[0].Id), page => page.Next.ShouldBeNull());
        (await Trash.ListAsync(due with { DueAt = Samples.Noon }, None)).Items.ShouldBeEmpty();
        await Should.ThrowAsync<InvalidCursorException>(() => Trash.ListAsync(new TrashQuery { Cursor = first.Next }, None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Trash.ListAsync(new TrashQuery { Limit = 201 }, None));
    }

    [Fact]
    public async Task FindByVector_Trashed_IsLeftOutUntilItIsRestored()
    {
        var (image, other) = (Samples.Image("a.jpg", 1) with { PerceptualHash = "00000000000000ff" }, Samples.Image("b.jpg", 2) with { PerceptualHash = "00000000000000fe" });
        await Catalog.CommitAsync([image.Insert(), other.Insert()], None);
        var query = new VectorQuery(VectorKind.Hash, PerceptualVector.Of(image.PerceptualHash)!);

        var trashed = await MoveAsync(image);
        (await Vectors.FindAsync(query, None)).ShouldHaveSingleItem().Image.Id.ShouldBe(other.Id);
        await Catalog.CommitAsync([ImageLifecycle.Restore(trashed, Samples.Someone)!], None);

        (await Vectors.FindAsync(query, None)).Select(one => one.Image.Id).ShouldBe([image.Id, other.Id]);
    }

    private static ImageRecord Zebra(int second) => Samples.Image("zebra.jpg", second).Seen("A zebra.", ["zebra"]) with
    {
        Camera = new CameraInfo("LEICA", "Q3"), TakenAtLocal = new DateTime(2023, 1, 1), Location = new GeoLocation(1, 2), Metadata = new ImageMetadata(Rating: 5),
    };

    // Every order, and every filter, each of which may start from another index.
    private static IEnumerable<ImageQuery> Queries() =>
        from sort in Enum.GetValues<ImageSort>()
        from archived in (bool?[])[false, null]
        from query in (ImageQuery[])
        [
            new(), new() { Tag = "zebra" }, new() { Text = "zebra" }, new() { Status = ImageStatus.Analyzed }, new() { Camera = "leica" }, new() { MinRating = 5 },
            new() { Area = new GeoArea(0, 0, 5, 5) }, new() { TakenFrom = new DateTime(2022, 1, 1) }, new() { From = Samples.Noon, To = Samples.Noon.AddSeconds(2) },
        ]
        select query with { Sort = sort, Archived = archived };

    private static Cause At(int days) => Samples.Someone with { At = Samples.Noon.AddDays(days) };

    private async Task<ImageRecord> MoveAsync(ImageRecord image)
    {
        var move = ImageLifecycle.Trash(image, Month, At(0))!;
        move.Event.Type.ShouldBe(ImageEventTypes.Deleted);
        (await Catalog.CommitAsync([move], None)).ShouldBe([CommitResult.Applied]);
        return move.After!;
    }
}
