using System.Globalization;
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

    private static List<ImageRecord> Mixed(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var name = (i % 3) switch { 0 => $"IMG_{i % 7}.jpg", 1 => $"img_{i % 5} gold.JPG", _ => "Ünïcode.png" };
        var seen = Samples.Image(name, i, i % 6).Seen(i % 4 == 0 ? "A golden beach." : null, i % 5 == 0 ? ["golden hour", "x"] : ["x"], i % 7 == 0 ? ["BEACHES AHEAD"] : []);
        return seen with { Status = i % 9 == 0 ? ImageStatus.Failed : ImageStatus.Analyzed, ArchivedAt = i % 4 == 1 ? Samples.Noon : null };
    })];

    private static IEnumerable<ImageRecord> Model(IEnumerable<ImageRecord> records, ImageQuery query)
    {
        var found = records.Where(r =>
            (query.Status is null || r.Status == query.Status) && (query.Tag is null || r.AllTags().Contains(query.Tag))
            && (query.Archived is null || r.ArchivedAt is not null == query.Archived)
            && (query.From is null || r.UploadedAt >= query.From) && (query.To is null || r.UploadedAt < query.To)
            && (query.Text is null || query.Text.Split(' ').All(word => WordsOf(r).Any(w => w.StartsWith(word, StringComparison.OrdinalIgnoreCase)))));
        return query.Sort switch
        {
            ImageSort.Newest => found.OrderByDescending(r => r.UploadedAt),
            ImageSort.Oldest => found.OrderBy(r => r.UploadedAt),
            ImageSort.Name => found.OrderBy(SortValue(query.Sort), StringComparer.Ordinal),
            _ => found.OrderByDescending(r => r.Bytes),
        };
    }

    private static string[] WordsOf(ImageRecord r) =>
        string.Join(' ', [r.Name, r.Analysis?.Caption, .. r.AllTags(), .. r.Analysis!.Text.Select(t => t.Text)]).Split([' ', '_', '.']);

    private static Func<ImageRecord, string> SortValue(ImageSort sort) => sort switch
    {
        ImageSort.Name => r => string.Concat(r.Name.Select(c => char.IsAsciiLetterUpper(c) ? (char)(c + 32) : c)),
        ImageSort.Largest => r => r.Bytes.ToString(CultureInfo.InvariantCulture),
        _ => r => r.UploadedAt.ToString("O", CultureInfo.InvariantCulture),
    };
}
