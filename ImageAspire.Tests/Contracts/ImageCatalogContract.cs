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
        var image = Samples.Image("Füße 🏖️ <b>.jpg").Seen("A beach.", ["beach"], "EXIT") with { Tags = ["mine"] };

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
    public async Task Commit_NoMoves_Nothing() => (await Open().CommitAsync([], None)).ShouldBeEmpty();

    [Fact]
    public async Task Commit_DigestThatExists_Duplicate()
    {
        var catalog = Open();
        var first = Samples.Image("first.jpg");
        var second = Samples.Image("second.jpg", 1) with { Sha256 = first.Sha256 };
        var third = Samples.Image("third.jpg", 2) with { Sha256 = first.Sha256 };

        (await catalog.CommitAsync([first.Insert(), second.Insert()], None)).ShouldBe([CommitResult.Applied, CommitResult.Duplicate]);
        (await catalog.CommitAsync([third.Insert()], None)).ShouldBe([CommitResult.Duplicate]);

        (await catalog.FindAsync(first.Sha256, None))!.Id.ShouldBe(first.Id);
        (await catalog.GetAsync(second.Id, None)).ShouldBeNull();
        (await PublishedAsync()).Select(e => e.ImageId).ShouldBe([first.Id]);
    }

    [Fact]
    public async Task Commit_OldVersion_Stale()
    {
        var catalog = Open();
        var image = Samples.Image();
        var move = image.Replace(r => r with { Name = "new.jpg" });
        await catalog.CommitAsync([image.Insert(), move], None);

        (await catalog.CommitAsync([image.Replace(r => r with { Name = "late.jpg" }), image.Delete(), image.Insert()], None))
            .ShouldBe([CommitResult.Stale, CommitResult.Stale, CommitResult.Duplicate]);

        (await catalog.GetAsync(image.Id, None))!.Name.ShouldBe("new.jpg");
        (await PublishedAsync()).Select(e => e.Type).ShouldBe([ImageEventTypes.Received, ImageEventTypes.Updated]);
    }

    [Fact]
    public async Task Commit_RecordThatVanished_Stale()
    {
        var catalog = Open();
        var image = Samples.Image();
        (await catalog.CommitAsync([image.Delete(), image.Replace(r => r)], None)).ShouldBe([CommitResult.Stale, CommitResult.Stale]);
        (await PublishedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Commit_SomeMovesFail_OthersAndTheirEventsStand()
    {
        var catalog = Open();
        var (kept, gone, fresh) = (Samples.Image("kept.jpg"), Samples.Image("gone.jpg", 1), Samples.Image("fresh.jpg", 2));
        await catalog.CommitAsync([kept.Insert(), gone.Insert()], None);
        Transition[] moves =
        [
            gone.Delete(),
            gone.Replace(r => r with { Name = "too late.jpg" }),
            fresh.Insert(),
            (Samples.Image("copy.jpg", 3) with { Sha256 = kept.Sha256 }).Insert(),
            kept.Replace(r => r with { Name = "renamed.jpg" }),
        ];

        (await catalog.CommitAsync(moves, None)).ShouldBe(
            [CommitResult.Applied, CommitResult.Stale, CommitResult.Applied, CommitResult.Duplicate, CommitResult.Applied]);

        (await PublishedAsync()).Skip(2).Select(e => e.Id).ShouldBe([moves[0].Event.Id, moves[2].Event.Id, moves[4].Event.Id]);
        (await catalog.QueryAsync(new ImageQuery { Sort = ImageSort.Oldest }, None)).Items.Select(r => r.Name).ShouldBe(["renamed.jpg", "fresh.jpg"]);
    }

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
    public async Task Commit_ParallelReplaces_OneWinsPerVersion()
    {
        IImageCatalog[] catalogs = [Open(), Open()];
        var image = Samples.Image();
        await catalogs[0].CommitAsync([image.Insert()], None);
        for (var round = 0; round < 3; round++)
        {
            var current = (await catalogs[1].GetAsync(image.Id, None))!;
            var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () =>
                (await catalogs[i % 2].CommitAsync([current.Replace(r => r with { Name = $"{i}.jpg" })], None))[0])));

            results.Count(r => r == CommitResult.Applied).ShouldBe(1);
            results.Count(r => r == CommitResult.Stale).ShouldBe(31);
            (await catalogs[0].GetAsync(image.Id, None))!.Name.ShouldBe($"{Array.IndexOf(results, CommitResult.Applied)}.jpg");
        }

        (await PublishedAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Commit_SameBytesInParallel_OneIsApplied()
    {
        IImageCatalog[] catalogs = [Open(), Open()];
        var digest = Samples.Digest("same");
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () =>
            (await catalogs[i % 2].CommitAsync([(Samples.Image($"{i}.jpg", i) with { Sha256 = digest }).Insert()], None))[0])));

        results.Count(r => r == CommitResult.Applied).ShouldBe(1);
        results.Count(r => r == CommitResult.Duplicate).ShouldBe(31);
        (await catalogs[1].FindAsync(digest, None))!.Name.ShouldBe($"{Array.IndexOf(results, CommitResult.Applied)}.jpg");
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
