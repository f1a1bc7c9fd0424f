using ImageAspire.Core.Events;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Duplicates, old versions, and writers at the same time.</summary>
public abstract partial class ImageCatalogContract
{
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
    public async Task Commit_NewImagesAfterADuplicate_AreStored()
    {
        var catalog = Open();
        var there = Samples.Image("there.jpg");
        await catalog.CommitAsync([there.Insert()], None);
        var (copy, first, second) = (Samples.Image("copy.jpg", 1) with { Sha256 = there.Sha256 }, Samples.Image("first.jpg", 2), Samples.Image("second.jpg", 3));

        (await catalog.CommitAsync([copy.Insert(), first.Insert(), second.Insert()], None)).ShouldBe([CommitResult.Duplicate, CommitResult.Applied, CommitResult.Applied]);

        (await catalog.QueryAsync(new ImageQuery { Sort = ImageSort.Oldest }, None)).Items.Select(r => r.Name).ShouldBe(["there.jpg", "first.jpg", "second.jpg"]);
        (await PublishedAsync()).Select(e => e.ImageId).ShouldBe([there.Id, first.Id, second.Id]);
    }

    [Fact]
    public async Task Commit_OldVersion_Stale()
    {
        var catalog = Open();
        var image = Samples.Image();
        var transition = image.Replace(r => r with { Name = "new.jpg" });
        await catalog.CommitAsync([image.Insert(), transition], None);

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
    public async Task Commit_SomeTransitionsFail_OthersAndTheirEventsStand()
    {
        var catalog = Open();
        var (kept, gone, fresh) = (Samples.Image("kept.jpg"), Samples.Image("gone.jpg", 1), Samples.Image("fresh.jpg", 2));
        await catalog.CommitAsync([kept.Insert(), gone.Insert()], None);
        Transition[] transitions =
        [
            gone.Delete(),
            gone.Replace(r => r with { Name = "too late.jpg" }),
            fresh.Insert(),
            (Samples.Image("copy.jpg", 3) with { Sha256 = kept.Sha256 }).Insert(),
            kept.Replace(r => r with { Name = "renamed.jpg" }),
        ];

        (await catalog.CommitAsync(transitions, None)).ShouldBe(
            [CommitResult.Applied, CommitResult.Stale, CommitResult.Applied, CommitResult.Duplicate, CommitResult.Applied]);

        (await PublishedAsync()).Skip(2).Select(e => e.Id).ShouldBe([transitions[0].Event.Id, transitions[2].Event.Id, transitions[4].Event.Id]);
        (await catalog.QueryAsync(new ImageQuery { Sort = ImageSort.Oldest }, None)).Items.Select(r => r.Name).ShouldBe(["renamed.jpg", "fresh.jpg"]);
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
}
