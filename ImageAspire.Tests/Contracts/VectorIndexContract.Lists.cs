using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Filters and pages.</summary>
public abstract partial class VectorIndexContract
{
    [Fact]
    public async Task Find_Filters_LetThroughWhatTheyDoInLists()
    {
        var (catalog, index) = Open();
        ImageRecord[] images =
        [
            Samples.Image("plain.jpg"),
            Samples.Image("archived.jpg", 1) with { ArchivedAt = Samples.Noon },
            Samples.Image("tagged.jpg", 2) with { Tags = ["mine"] },
            Samples.Image("rated.jpg", 3) with { Metadata = new ImageMetadata(Rating: 5), Camera = new CameraInfo("LEICA", "Q3"), TakenAtLocal = new DateTime(2023, 5, 1) },
            Samples.Image("seen.jpg", 4).Seen("A red boat.", ["boat"]) with { Location = new GeoLocation(48, 11) },
        ];
        await catalog.CommitAsync([.. images.Select(image => Insert(image, FakeVectorizer.Seen("dog")))], None);
        ImageQuery[] filters =
        [
            new(), new() { Archived = true }, new() { Archived = null }, new() { Tag = "mine" }, new() { Tag = "none" }, new() { MinRating = 4 }, new() { Camera = "leica" },
            new() { Camera = "!!" }, new() { Status = ImageStatus.Analyzed }, new() { Status = ImageStatus.Received, From = Samples.Noon.AddSeconds(2) },
            new() { To = Samples.Noon.AddSeconds(2) }, new() { Area = new GeoArea(10, 47, 12, 49) }, new() { TakenFrom = new DateTime(2023, 1, 1), TakenTo = new DateTime(2024, 1, 1) },
            new() { Archived = null, Tag = "mine", MinRating = 1 },
        ];

        foreach (var filter in filters)
        {
            var listed = (await catalog.QueryAsync(filter, None)).Items.Select(one => one.Name);
            (await index.FindAsync(Query("puppy") with { Filter = filter }, None)).Select(one => one.Image.Name).ShouldBe(listed, filter.ToString());
        }
    }

    [Fact]
    public async Task Find_TextOfTheFilter_LeavesOutWhatHasTheWords()
    {
        var (catalog, index) = Open();
        var (dog, hound, sign) = (Samples.Image("a dog.jpg"), Samples.Image("b.jpg", 1).Seen("A hound.", ["hound"]), Samples.Image("c.jpg", 2).Seen(null, [], "HOTDOGSTAND"));
        await catalog.CommitAsync([.. ((ImageRecord[])[dog, hound, sign]).Select(image => Insert(image, FakeVectorizer.Seen("dog")))], None);

        (await LeftAsync("dog")).ShouldBe([sign.Id, hound.Id]);
        (await LeftAsync("hot dog stand")).ShouldBe([hound.Id, dog.Id]);
        (await LeftAsync("a dog")).ShouldBe([sign.Id, hound.Id]);
        (await LeftAsync("!!!")).ShouldBe([sign.Id, hound.Id, dog.Id]);

        async Task<IEnumerable<Guid>> LeftAsync(string text) =>
            (await index.FindAsync(Query("puppy") with { Filter = new ImageQuery { Text = text } }, None)).Select(one => one.Image.Id);
    }

    [Fact]
    public async Task Find_PageByPage_EachOnceInOrderAlsoWhenImagesGoMeanwhile()
    {
        var (catalog, index) = Open();
        // Many equal scores, in two groups.
        var images = Enumerable.Range(0, 50).Select(i => Samples.Image($"{i}.jpg", i)).ToList();
        await catalog.CommitAsync([.. images.Select((image, i) => Insert(image, FakeVectorizer.Seen(i % 3 == 0 ? "puppy" : "dog")))], None);
        var wanted = images.Where((_, i) => i % 3 == 0).Reverse().Concat(images.Where((_, i) => i % 3 != 0).Reverse()).Select(image => image.Id).ToList();
        var seen = new List<Guid>();
        var gone = new HashSet<Guid>();
        ScorePosition? after = null;
        while (true)
        {
            var page = await index.FindAsync(Query("puppy") with { Limit = 7, After = after }, None);
            seen.AddRange(page.Select(one => one.Image.Id));
            if (page.Count < 7)
                break;
            after = new ScorePosition(page[^1].Score, page[^1].Image.Id);
            // The last of this page and the first of the next one.
            foreach (var one in ((Guid[])[page[^1].Image.Id, wanted[seen.Count + gone.Count(id => !seen.Contains(id))]]).Where(gone.Add))
                await catalog.CommitAsync([images.Single(image => image.Id == one).Delete()], None);
        }

        seen.ShouldBe(wanted.Where(id => seen.Contains(id) || !gone.Contains(id)));
        seen.Count.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task Find_LimitOrLeastScore_IsKept()
    {
        var (catalog, index) = Open();
        await catalog.CommitAsync([.. Enumerable.Range(0, 20).Select(i => Insert(Samples.Image($"{i}.jpg", i), FakeVectorizer.Seen(i % 2 == 0 ? "dog" : "puppy")))], None);

        (await index.FindAsync(Query("puppy") with { Limit = 3 }, None)).Count.ShouldBe(3);
        (await index.FindAsync(Query("puppy") with { MinScore = 0.95 }, None)).Count.ShouldBe(10);
        (await index.FindAsync(Query("puppy") with { After = new ScorePosition(double.PositiveInfinity, Guid.Empty) }, None)).Count.ShouldBe(20);
        (await index.FindAsync(Query("puppy") with { After = new ScorePosition(-1, Guid.Empty) }, None)).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => index.FindAsync(Query("puppy") with { Limit = 0 }, None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => index.FindAsync(Query("puppy") with { Limit = VectorQuery.MaxLimit + 1 }, None));
    }
}
