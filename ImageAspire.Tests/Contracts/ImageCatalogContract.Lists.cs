using ImageAspire.Core.Images;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Lists, pages and facets.</summary>
public abstract partial class ImageCatalogContract
{
    [Fact]
    public async Task Query_EveryFilterAndSort_GivesWhatAModelGives()
    {
        var catalog = Open();
        var records = Mixed(90);
        await catalog.CommitAsync([.. records.Select(r => r.Insert())], None);
        ImageStatus?[] statuses = [null, ImageStatus.Failed];
        string?[] tags = [null, "golden hour", "no image has this"];
        string?[] texts = [null, "beach", "img GOLD"];
        bool?[] archived = [false, true, null];
        (DateTimeOffset?, DateTimeOffset?)[] ranges = [(null, null), (Samples.Noon.AddSeconds(20), Samples.Noon.AddSeconds(70))];

        var queries =
            from sort in Enum.GetValues<ImageSort>()
            from status in statuses
            from tag in tags
            from text in texts
            from put in archived
            from range in ranges
            select new ImageQuery { Limit = 8, Sort = sort, Status = status, Tag = tag, Text = text, Archived = put, From = range.Item1, To = range.Item2 };
        foreach (var query in queries)
        {
            var listed = await ListAsync(catalog, query);
            var expected = Model(records, query).ToList();
            listed.Select(r => r.Id).ShouldBe(expected.Select(r => r.Id), ignoreOrder: true, query.ToString());
            listed.Select(SortValue(query.Sort)).ShouldBe(expected.Select(SortValue(query.Sort)), query.ToString());
        }
    }

    [Theory]
    [InlineData(ImageSort.Newest)]
    [InlineData(ImageSort.Oldest)]
    [InlineData(ImageSort.Name)]
    [InlineData(ImageSort.Largest)]
    public async Task Query_WhileOthersComeAndGo_NoRecordTwiceAndNoneSkipped(ImageSort sort)
    {
        var (catalog, other) = (Open(), Open());
        var stay = Enumerable.Range(0, 60).Select(i => Samples.Image($"{i % 5}.jpg", i * 2, i % 4)).ToList();
        var leave = new Queue<ImageRecord>(Enumerable.Range(0, 30).Select(i => Samples.Image($"{i % 5}.jpg", i * 4 + 1, i % 4)));
        await catalog.CommitAsync([.. stay.Concat(leave).Select(r => r.Insert())], None);
        var second = 0;

        var listed = await ListAsync(catalog, new ImageQuery { Limit = 9, Sort = sort }, async () =>
        {
            if (leave.Count == 0)
                return;
            var arrivals = Enumerable.Range(0, 4).Select(i => Samples.Image($"{i}.jpg", second += 7, i).Insert());
            await other.CommitAsync([.. arrivals, .. Enumerable.Range(0, 3).Select(_ => leave.Dequeue().Delete())], None);
        });

        listed.Select(r => r.Id).ShouldBeUnique();
        stay.Select(r => r.Id).Except(listed.Select(r => r.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Query_AtEachEndOfARange_FromIsInAndToIsOut()
    {
        var catalog = Open();
        var images = Enumerable.Range(0, 3).Select(i => Samples.Image($"{i}.jpg", i)).ToList();
        await catalog.CommitAsync([.. images.Select(r => r.Insert())], None);

        var query = new ImageQuery { From = images[1].UploadedAt, To = images[2].UploadedAt };
        (await catalog.QueryAsync(query, None)).Items.Select(r => r.Name).ShouldBe(["1.jpg"]);
        (await catalog.QueryAsync(new ImageQuery { From = images[1].UploadedAt.AddTicks(1) }, None)).Items.Select(r => r.Name).ShouldBe(["2.jpg"]);
        (await catalog.QueryAsync(new ImageQuery { From = DateTimeOffset.MinValue, To = DateTimeOffset.MaxValue }, None)).Items.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Query_ExactlyOnePage_HasNoNext()
    {
        var catalog = Open();
        await catalog.CommitAsync([.. Enumerable.Range(0, 4).Select(i => Samples.Image($"{i}.jpg", i).Insert())], None);
        (await catalog.QueryAsync(new ImageQuery { Limit = 4 }, None)).Next.ShouldBeNull();
        (await catalog.QueryAsync(new ImageQuery { Limit = 3 }, None)).Next.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(201)]
    public async Task Query_LimitOutOfRange_Throws(int limit) =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Open().QueryAsync(new ImageQuery { Limit = limit }, None));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' OR 1=1 --")]
    [InlineData("%00../../etc/passwd")]
    [InlineData("\0\ud83d")]
    public async Task Query_CursorFromNowhere_Refused(string cursor) =>
        await Should.ThrowAsync<InvalidCursorException>(() => Open().QueryAsync(new ImageQuery { Cursor = cursor }, None));

    [Fact]
    public async Task Query_CursorOfAnotherQueryOrChanged_Refused()
    {
        var catalog = Open();
        await catalog.CommitAsync([.. Enumerable.Range(0, 4).Select(i => Samples.Image($"{i}.jpg", i).Insert())], None);
        var query = new ImageQuery { Limit = 1, Sort = ImageSort.Name };
        var cursor = (await catalog.QueryAsync(query, None)).Next!;
        var changed = cursor[..^1] + (cursor[^1] == 'A' ? 'B' : 'A');

        (await catalog.QueryAsync(query with { Cursor = cursor, Limit = 2 }, None)).Items.Count.ShouldBe(2);
        ImageQuery[] others =
        [
            query with { Cursor = cursor, Sort = ImageSort.Newest }, query with { Cursor = cursor, Tag = "x" },
            query with { Cursor = cursor, Status = ImageStatus.Received }, query with { Cursor = cursor, Archived = null },
            query with { Cursor = cursor, Text = "jpg" }, query with { Cursor = cursor, From = Samples.Noon },
            query with { Cursor = cursor, MinRating = 1 }, query with { Cursor = cursor, Camera = "x" }, query with { Cursor = cursor, TakenFrom = Taken },
            query with { Cursor = cursor, TakenTo = Taken }, query with { Cursor = cursor, Area = Munich },
            query with { Cursor = changed }, query with { Cursor = cursor + "A" }, query with { Cursor = new string('A', 100_000) },
        ];
        foreach (var other in others)
            await Should.ThrowAsync<InvalidCursorException>(() => catalog.QueryAsync(other, None));
    }

    [Fact]
    public async Task Count_AfterEveryKindOfChange_IsRight()
    {
        var (catalog, other) = (Open(), Open());
        var a = Samples.Image("a.jpg").Seen(null, ["sea", "sky"]) with { Tags = ["sea", "mine"] };
        var b = Samples.Image("b.jpg", 1).Seen(null, ["sky"]);
        var c = Samples.Image("c.jpg", 2);
        await catalog.CommitAsync([a.Insert(), b.Insert(), c.Insert()], None);
        await FacetsAreAsync("mine 1, sea 1, sky 2", "analyzed 2, received 1");

        var c2 = c.Replace(r => r with { Status = ImageStatus.Failed, Tags = ["sea"] });
        var b2 = b.Replace(r => r with { ArchivedAt = Samples.Noon });
        await catalog.CommitAsync([c2, b2], None);
        await FacetsAreAsync("mine 1, sea 2, sky 1", "analyzed 2, failed 1");

        var b3 = b2.After!.Replace(r => r with { Tags = ["dog"] }); // changed while archived
        var b4 = b3.After!.Replace(r => r with { ArchivedAt = null });
        await catalog.CommitAsync([b3, b4, a.Delete()], None);
        await FacetsAreAsync("dog 1, sea 1, sky 1", "analyzed 1, failed 1");

        await catalog.CommitAsync([b4.After!.Delete(), c2.After!.Delete()], None);
        await FacetsAreAsync("", "");

        async Task FacetsAreAsync(string tags, string statuses)
        {
            Text(await other.CountAsync(Facet.Tag, 100, None)).ShouldBe(tags);
            Text(await other.CountAsync(Facet.Status, 100, None)).ShouldBe(statuses);
        }

        static string Text(IReadOnlyList<FacetCount> counts) => string.Join(", ", counts.OrderBy(f => f.Value, StringComparer.Ordinal).Select(f => $"{f.Value} {f.Count}"));
    }

    [Fact]
    public async Task Count_Limited_MostFrequentFirst()
    {
        var catalog = Open();
        await catalog.CommitAsync([.. Enumerable.Range(0, 6).Select(i => Samples.Image($"{i}.jpg", i).Seen(null, i < 3 ? ["often", "some"] : i < 5 ? ["often"] : ["once"]).Insert())], None);
        (await catalog.CountAsync(Facet.Tag, 2, None)).ShouldBe([new FacetCount("often", 5), new FacetCount("some", 3)]);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => catalog.CountAsync(Facet.Tag, 0, None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => catalog.CountAsync(Facet.Tag, 1001, None));
    }
}
