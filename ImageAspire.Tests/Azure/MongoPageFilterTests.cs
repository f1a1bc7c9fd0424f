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
        var filter = PageFilter.Of(new ImageQuery { Text = "a boat" }, FoldedWords.Conditions("a boat")).Rendered();
        Leaves(filter).Where(leaf => leaf.Name == "find.words").Select(leaf => leaf.Value.AsBsonRegularExpression.Pattern).ShouldBe(["^a", "^boat"]);
        filter.ToString().ShouldNotContain("$or");
    }

    [Fact]
    public void Filter_OfSeveralWords_WantsEachAloneOrJoinedWithItsNeighbours()
    {
        var filter = PageFilter.Of(new ImageQuery { Text = "Réd boat" }, FoldedWords.Conditions("Réd boat")).Rendered();
        filter.ShouldBe(BsonDocument.Parse(
            "{ $and: [{ 'find.archived': false }, { $or: [{ 'find.words': /^red/ }, { 'find.words': /^redboat/ }] }, { $or: [{ 'find.words': /^boat/ }, { 'find.words': /^redboat/ }] }] }"));
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
    public void Filter_OfMetadata_IsValuesAndAnchoredWords()
    {
        var query = new ImageQuery
        {
            TakenFrom = new DateTime(2023, 9, 23), TakenTo = new DateTime(2023, 9, 23, 10, 11, 12, 170), MinRating = 4, Camera = "Nikon $z", Area = new GeoArea(11, 48, 12, 49),
        };
        var filter = PageFilter.Of(query, null, FoldedWords.Prefixes(query.Camera)).Rendered();
        Leaves(filter).Where(leaf => leaf.Name == "find.camera").Select(leaf => leaf.Value.AsBsonRegularExpression.Pattern).ShouldBe(["^nikon", "^z"]);
        var text = filter.ToString();
        foreach (var part in (string[])["\"$gte\" : \"2023-09-23T00:00:00\"", "\"$lt\" : \"2023-09-23T10:11:12.17\"", "\"image.metadata.rating\" : { \"$gte\" : 4 }"])
            text.ShouldContain(part);
        text.ShouldNotContain("$or");
    }

    [Fact]
    public void Filter_OfAnAreaOverTheAntimeridian_IsEitherSideOfIt()
    {
        var filter = PageFilter.Of(new ImageQuery { Area = new GeoArea(170, -20, -170, -10) }, null).Rendered();
        Leaves(filter).Single(leaf => leaf.Name == "$or").Value.ShouldBe(BsonDocument.Parse(
            "{ a: [{ 'image.location.longitude': { $gte: 170.0 } }, { 'image.location.longitude': { $lte: -170.0 } }] }")["a"]);
        Leaves(filter).Single(leaf => leaf.Name == "image.location.latitude").Value.ShouldBe(BsonDocument.Parse("{ $gte: -20.0, $lte: -10.0 }"));
    }

    [Fact]
    public void Cursor_ByDateTaken_GoesOnWithTheRestOfTheDateThenEarlierOnesThenNone()
    {
        var query = new ImageQuery { Sort = ImageSort.Taken };
        var last = Samples.Image() with { TakenAtLocal = new DateTime(2023, 9, 23, 10, 11, 12, 170) };
        var image = ImageDocument.Of(last, last.Insert().Events, Samples.Noon);

        var scans = PageFilter.Of(query with { Cursor = PageFilter.Cursor(query, last) }, null).Rendered()["$or"].AsBsonArray;

        image["find"]["taken"].AsString.ShouldBe("2023-09-23T10:11:12.17");
        scans.Count.ShouldBe(3);
        (scans[0]["find.taken"], scans[0]["_id"]["$lt"]).ShouldBe((image["find"]["taken"], image["_id"]));
        scans[1]["find.taken"].ShouldBe(new BsonDocument("$lt", image["find"]["taken"]));
        scans[2]["find.taken"].ShouldBe(BsonNull.Value);
        var period = query with { TakenTo = new DateTime(2024, 1, 1) };
        PageFilter.Of(period with { Cursor = PageFilter.Cursor(period, last) }, null).Rendered()["$or"].AsBsonArray.Count.ShouldBe(2); // no image without a date
        var none = last with { TakenAtLocal = null };
        var rest = PageFilter.Of(query with { Cursor = PageFilter.Cursor(query, none) }, null).Rendered();
        (rest["find.taken"], rest["_id"]["$lt"]).ShouldBe((BsonNull.Value, image["_id"]));
        PageFilter.Sort(ImageSort.Taken).Rendered().ShouldBe(BsonDocument.Parse("{ 'find.taken': -1, _id: -1 }"));
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
