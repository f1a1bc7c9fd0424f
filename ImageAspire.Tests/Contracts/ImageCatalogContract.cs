using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IImageCatalog"/> must do. One store per test; several instances on it.</summary>
public abstract partial class ImageCatalogContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IImageCatalog Open();

    /// <summary>Everything that was published on this test's store so far, in order.</summary>
    protected abstract Task<IReadOnlyList<ImageEvent>> PublishedAsync();

    [Fact]
    public async Task Commit_NewRecord_CanBeReadEverywhere()
    {
        var image = Samples.Image("Füße 🏖️ <b>.jpg").Seen("A beach.", ["beach"], "EXIT") with { Tags = ["mine"], MetadataEdits = [new(2, 5_000_000_000), new(5_000_000_100, 4, 4, [0, 255])] };

        (await Open().CommitAsync([image.Insert()], None)).ShouldBe([CommitResult.Applied]);

        var other = Open();
        Samples.Json(await other.GetAsync(image.Id, None)).ShouldBe(Samples.Json(image));
        Samples.Json(await other.FindAsync(image.Sha256, None)).ShouldBe(Samples.Json(image));
        Samples.Json((await other.QueryAsync(new ImageQuery(), None)).Items.ShouldHaveSingleItem()).ShouldBe(Samples.Json(image));
    }

    [Fact]
    public async Task Get_NoSuchRecord_Null()
    {
        var catalog = Open();
        (await catalog.GetAsync(Guid.NewGuid(), None)).ShouldBeNull();
        (await catalog.FindAsync(Samples.Digest("nothing"), None)).ShouldBeNull();
        (await catalog.FindAsync("not a digest", None)).ShouldBeNull();
    }

    [Fact]
    public async Task Commit_NoTransitions_Nothing() => (await Open().CommitAsync([], None)).ShouldBeEmpty();

    [Fact]
    public async Task Commit_MoveWithTwoEvents_PublishesBoth()
    {
        var catalog = Open();
        var image = Samples.Image();
        await catalog.CommitAsync([image.Insert()], None);

        var move = ImageLifecycle.Edit(image, "new.jpg", ["a"], archived: true, Samples.Traced)!;
        (await catalog.CommitAsync([move], None)).ShouldBe([CommitResult.Applied]);

        (await PublishedAsync()).Skip(1).Select(e => (e.Id, e.Type)).ShouldBe([(move.Event.Id, ImageEventTypes.Updated), (move.SecondEvent!.Id, ImageEventTypes.Archived)]);
    }

    [Fact]
    public async Task Commit_DeletedBytes_CanComeAgain()
    {
        var catalog = Open();
        var first = Samples.Image().Seen("A zebra.", ["zebra"]);
        await catalog.CommitAsync([first.Insert(), first.Delete()], None);

        (await catalog.GetAsync(first.Id, None)).ShouldBeNull();
        (await catalog.QueryAsync(new ImageQuery { Text = "zebra" }, None)).Items.ShouldBeEmpty();
        (await catalog.QueryAsync(new ImageQuery { Tag = "zebra" }, None)).Items.ShouldBeEmpty();
        (await catalog.CommitAsync([(Samples.Image() with { Sha256 = first.Sha256 }).Insert()], None)).ShouldBe([CommitResult.Applied]);
    }

    [Fact]
    public async Task Commit_ManyInOneMillisecond_AllAreKept()
    {
        var catalog = Open();
        // The last bytes of these ids are equal, which is the worst case for keys made of time and id.
        var images = Enumerable.Range(0, 40).Select(i => Samples.Image($"{i}.jpg") with { Id = new Guid($"0195508b-8c00-7000-8000-{i:x8}ffff") }).ToList();

        (await catalog.CommitAsync([.. images.Select(i => i.Insert())], None)).ShouldAllBe(r => r == CommitResult.Applied);

        var listed = await ListAsync(catalog, new ImageQuery { Limit = 7 });
        listed.Select(r => r.Id).ShouldBe(images.Select(r => r.Id), ignoreOrder: true);
    }

    [Fact]
    public async Task Commit_TagsThatAreNoText_AreKeptAndTakenBack()
    {
        var catalog = Open();
        var image = Samples.Image() with { Tags = ["\ud83d", "\ud83c", "", "a\0b", new string('x', 10_000)] };
        await catalog.CommitAsync([image.Insert()], None);
        (await catalog.CountAsync(Facet.Tag, 100, None)).ShouldContain(new FacetCount("a\0b", 1));
        await catalog.CommitAsync([image.Delete()], None);
        (await catalog.CountAsync(Facet.Tag, 100, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnyCall_Cancelled_Throws()
    {
        var catalog = Open();
        var image = Samples.Image();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => catalog.CommitAsync([image.Insert()], cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(() => catalog.GetAsync(image.Id, cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(() => catalog.QueryAsync(new ImageQuery(), cancelled.Token));
        (await catalog.GetAsync(image.Id, None)).ShouldBeNull();
    }

    private static async Task<List<ImageRecord>> ListAsync(IImageCatalog catalog, ImageQuery query, Func<Task>? betweenPages = null)
    {
        var all = new List<ImageRecord>();
        do
        {
            var page = await catalog.QueryAsync(query, None);
            page.Items.Count.ShouldBeLessThanOrEqualTo(query.Limit);
            all.AddRange(page.Items);
            query = query with { Cursor = page.Next };
            if (betweenPages is not null)
                await betweenPages();
        }
        while (query.Cursor is not null);
        return all;
    }
}
