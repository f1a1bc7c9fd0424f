using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using MongoDB.Bson;

namespace ImageAspire.Tests.Azure;

/// <summary>Queries as the driver would send them; no server.</summary>
public sealed class MongoPageFilterTests
{
    [Theory]
    [InlineData(".*", null)]
    [InlineData("$where: '1==1'", "^where ^1")]
    [InlineData("^(a+)+$", "^a")]
    [InlineData("{\"$gt\": \"\"}", "^gt")]
    [InlineData("sun|moon", "^sun ^moon")]
    [InlineData("café\\w\n#x", "^cafe ^w ^x")]
    public void Text_OfAPerson_IsNeverAnExpression(string text, string? expressions)
    {
        var words = FoldedWords.Prefixes(text);
        words.ShouldAllBe(word => word.Options == "" && word.Pattern[0] == '^' && word.Pattern.Skip(1).All(c => char.IsLetterOrDigit(c)));
        string.Join(' ', words.Select(word => word.Pattern)).ShouldBe(expressions ?? "");
    }

    [Theory]
    [InlineData("$where")]
    [InlineData("{ $ne: 1 }")]
    [InlineData("/.*/")]
    public void Tag_OfAPerson_IsAValue(string tag) =>
        PageFilter.Of(new ImageQuery { Tag = tag }, null).Rendered()["find.tags"].ShouldBe((BsonString)tag);

    [Fact]
    public void Filter_OfSeveralWords_WantsThemAll()
    {
        var filter = PageFilter.Of(new ImageQuery { Text = "red boat" }, FoldedWords.Prefixes("red boat")).Rendered();
        Leaves(filter).Where(leaf => leaf.Name == "find.words").Select(leaf => leaf.Value.AsBsonRegularExpression.Pattern).ShouldBe(["^red", "^boat"]);
        filter.ToString().ShouldNotContain("$or");
    }

    [Fact]
    public void Filter_OfBoth_NamesBothSoThatTombstonesStayOut() =>
        PageFilter.Of(new ImageQuery { Archived = null }, null).Rendered().ShouldBe(BsonDocument.Parse("{ 'find.archived': { $in: [false, true] } }"));

    [Fact]
    public void Filter_OfATimeBetweenMilliseconds_BeginsAtTheNextOne()
    {
        var at = Samples.Noon.AddTicks(1);
        var range = PageFilter.Of(new ImageQuery { From = at, To = DateTimeOffset.MaxValue }, null).Rendered()["image.uploadedAt"].AsBsonDocument;
        range["$gte"].AsBsonDateTime.MillisecondsSinceEpoch.ShouldBe(at.ToUnixTimeMilliseconds() + 1);
        range["$lt"].AsBsonDateTime.MillisecondsSinceEpoch.ShouldBe(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() + 1);
    }

    [Theory]
    [InlineData(ImageSort.Newest, "image.uploadedAt", "$lt")]
    [InlineData(ImageSort.Oldest, "image.uploadedAt", "$gt")]
    [InlineData(ImageSort.Name, "find.name", "$gt")]
    [InlineData(ImageSort.Largest, "image.bytes", "$lt")]
    public void Cursor_OfARecord_IsWhereTheNextPageBegins(ImageSort sort, string field, string beyond)
    {
        var query = new ImageQuery { Sort = sort, Tag = "x" };
        var last = Samples.Image("Größe \ud83d.JPG", 7, 4_000_000_000);

        var filter = PageFilter.Of(query with { Cursor = PageFilter.Cursor(query, last) }, null).Rendered();

        var image = ImageDocument.Of(last, last.Insert().Events, Samples.Noon);
        BsonValue value = sort switch { ImageSort.Name => image["find"]["name"], ImageSort.Largest => image["image"]["bytes"], _ => image["image"]["uploadedAt"] };
        var (equal, after) = (filter["$or"][0].AsBsonDocument, filter["$or"][1].AsBsonDocument);
        equal[field].ShouldBe(value);
        equal["_id"][beyond].ShouldBe(image["_id"]);
        after[field][beyond].ShouldBe(value);
        (equal["find.tags"].AsString, after["find.tags"].AsString).ShouldBe(("x", "x"));
        PageFilter.Sort(sort).Rendered().Names.ShouldBe([field, "_id"]);
        Should.Throw<InvalidCursorException>(() => PageFilter.Of(query with { Tag = "y", Cursor = PageFilter.Cursor(query, last) }, null));
    }

    [Fact]
    public void Facets_Rendered_LeaveArchivedOutOfTags()
    {
        var stages = MongoImageCatalog.PipelineOf(Facet.Tag, 7).Render(MongoRendering.Args).Documents;
        stages[0].ShouldBe(BsonDocument.Parse("{ $match: { 'find.archived': false } }"));
        stages[^1].ShouldBe(new BsonDocument("$limit", 7));
    }

    private static IEnumerable<BsonElement> Leaves(BsonDocument filter) => filter.SelectMany(element =>
        element.Name == "$and" ? element.Value.AsBsonArray.SelectMany(part => Leaves(part.AsBsonDocument)) : [element]);
}
