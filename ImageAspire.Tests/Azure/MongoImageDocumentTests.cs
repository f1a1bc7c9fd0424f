using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace ImageAspire.Tests.Azure;

/// <summary>Records as BSON, through the driver's own reader and writer; no server.</summary>
public sealed class MongoImageDocumentTests
{
    private static readonly DateTimeOffset Now = Samples.Noon.AddHours(1);

    public static TheoryData<string> Kinds => ["full", "minimal", "unicode"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Record_ThroughBson_ComesBackTheSame(string kind)
    {
        var record = Record(kind);
        var stored = ThroughBytes(ImageDocument.Of(record, record.Insert().Events, Now));
        Samples.Json(ImageDocument.Record(stored)).ShouldBe(Samples.Json(record));
    }

    [Fact]
    public void Record_AsBson_HasNativeTypes()
    {
        var record = Record("full");
        var stored = ThroughBytes(ImageDocument.Of(record, record.Insert().Events, Now));

        var image = stored["image"].AsBsonDocument;
        stored["_id"].AsBsonBinaryData.SubType.ShouldBe(BsonBinarySubType.UuidStandard);
        image.Contains("id").ShouldBeFalse();
        (image["version"].BsonType, image["bytes"].BsonType, image["width"].BsonType).ShouldBe((BsonType.Int64, BsonType.Int64, BsonType.Int64));
        foreach (var time in (BsonValue[])[image["uploadedAt"], image["archivedAt"], image["analysis"]["analyzedAt"], image["failure"]["at"]])
            time.BsonType.ShouldBe(BsonType.DateTime);
        image["uploadedAt"].ToUniversalTime().ShouldBe(record.UploadedAt.UtcDateTime);
        image["takenAt"].AsString.ShouldBe("2023-09-23T10:11:12.17+09:00"); // its offset belongs to it
        image["location"]["latitude"].AsDouble.ShouldBe(48.137154);
    }

    [Fact]
    public void Record_Minimal_HasNoMembersForTheUnknown()
    {
        var record = Record("minimal");
        var image = ImageDocument.Of(record, record.Insert().Events, Now)["image"].AsBsonDocument;
        foreach (var absent in (string[])["width", "takenAt", "camera", "analysis", "failure", "archivedAt", "traceId"])
            image.Contains(absent).ShouldBeFalse(absent);
    }

    [Fact]
    public void Record_MembersOfALaterVersion_ArePassedOver()
    {
        var record = Record("minimal");
        var stored = ImageDocument.Of(record, record.Insert().Events, Now);
        stored["image"]["later"] = new BsonDocument { { "a", ObjectId.GenerateNewId() }, { "b", double.NaN }, { "c", new BsonArray { 1, "x" } } };
        stored["later"] = true;
        Samples.Json(ImageDocument.Record(stored)).ShouldBe(Samples.Json(record));
    }

    [Fact]
    public void Record_MemberMissing_IsANamedError()
    {
        var stored = ImageDocument.Of(Record("minimal"), Record("minimal").Insert().Events, Now);
        stored["image"].AsBsonDocument.Remove("sha256");
        Should.Throw<FormatException>(() => ImageDocument.Record(stored)).Message.ShouldContain("sha256");
    }

    [Fact]
    public void Record_OfATombstone_IsNone() =>
        ImageDocument.Record(new BsonDocument { { "_id", BsonValues.Key(Guid.NewGuid()) }, { "deletedAt", DateTime.UnixEpoch } }).ShouldBeNull();

    [Fact]
    public void Change_Rendered_SetsTheRecordAndAppendsTheEvent()
    {
        var transition = Record("full").Replace(r => r with { Name = "$set" });

        var update = ImageDocument.Change(transition.After!, transition.Events, Now).Rendered();

        update.Names.ShouldBe(["$set", "$push"], ignoreOrder: true);
        update["$set"].AsBsonDocument.Names.ShouldBe(["image", "find"], ignoreOrder: true);
        update["$set"]["image"]["name"].AsString.ShouldBe("$set"); // a value, inside of a value
        update["$push"].AsBsonDocument.Names.ShouldBe(["outbox"]);
        var read = ImageDocument.Event(update["$push"]["outbox"]["$each"].AsBsonArray.ShouldHaveSingleItem());
        (read.Id, read.Type, read.ImageId, read.Time).ShouldBe((transition.Event.Id, transition.Event.Type, transition.Event.ImageId, transition.Event.Time));
    }

    [Fact]
    public void Change_OfTwoEvents_AppendsBothInTheSameWrite()
    {
        var move = ImageLifecycle.Edit(Record("minimal"), "new.jpg", null, archived: true, Samples.Traced)!;

        var update = ImageDocument.Change(move.After!, move.Events, Now).Rendered();

        update["$push"]["outbox"]["$each"].AsBsonArray.Select(one => ImageDocument.Event(one).Id).ShouldBe([move.Event.Id, move.SecondEvent!.Id]);
    }

    [Fact]
    public void Completion_OfADocumentOfAnEarlierVersion_AddsTheFieldsOfListsAndNothingElse()
    {
        var record = Samples.Image("Old.jpg") with { Camera = new CameraInfo("NIKON CORPORATION", "NIKON Z 6"), TakenAt = new DateTimeOffset(2023, 9, 23, 1, 11, 12, TimeSpan.Zero) };
        var stored = ImageDocument.Of(record, [], Now);

        var change = ImageDocument.Completion(new BsonDocument { { "_id", stored["_id"] }, { "image", stored["image"] } });

        change.Filter.Rendered().ShouldBe(ImageDocument.Expected(record).Rendered()); // not when it has changed meanwhile
        var set = change.Update.Rendered()["$set"].AsBsonDocument;
        set.Names.ShouldBe(["find.archived", "find.name", "find.tags", "find.words", "find.camera", "find.taken"], ignoreOrder: true);
        set["find.camera"].AsBsonArray.Select(word => word.AsString).ShouldBe(["nikon", "corporation", "z", "6"]);
        set["find.taken"].AsString.ShouldBe("2023-09-23T01:11:12");
        CatalogUpgrade.Outdated.Rendered().ShouldBe(BsonDocument.Parse("{ 'find.camera': null, 'find.archived': { $in: [false, true] } }"));
    }

    [Fact]
    public void Completion_OfADamagedDocument_MarksItAsDone()
    {
        var damaged = new BsonDocument { { "_id", BsonValues.Key(Guid.NewGuid()) }, { "image", new BsonDocument("version", "x") } };
        ImageDocument.Completion(damaged).Update.Rendered().ShouldBe(BsonDocument.Parse("{ $set: { 'find.camera': [] } }"));
    }

    [Fact]
    public void Removal_Rendered_LeavesATombstone()
    {
        var update = ImageDocument.Removal(Record("full").Delete().Events, Now).Rendered();
        update["$unset"].AsBsonDocument.Names.ShouldBe(["image", "find", "vectors"], ignoreOrder: true);
        update["$set"].AsBsonDocument.Names.ShouldBe(["deletedAt"]);
        update["$push"].AsBsonDocument.Names.ShouldBe(["outbox"]);
    }

    [Fact]
    public void Expected_Rendered_IsIdAndVersion()
    {
        var record = Record("full");
        ImageDocument.Expected(record).Rendered().ShouldBe(new BsonDocument { { "_id", BsonValues.Key(record.Id) }, { "image.version", record.Version } });
    }

    [Theory]
    [InlineData("Café CRÈME", "cafe creme")]
    [InlineData("IMG_0042.jpg", "img 0042 jpg")]
    [InlineData("Łódź", "łodz")]
    [InlineData("e\u0301t\u00e9 ÉTÉ", "ete")]
    [InlineData("МОСКВА", "москва")]
    [InlineData("🏖️ 9¾", "🏖 9¾")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("\u0301 \ud83d ...", "")]
    public void Words_OfAName_AreFolded(string name, string words) =>
        string.Join(' ', FoldedWords.Of(Samples.Image(name))).ShouldBe(words);

    [Fact]
    public void Words_VeryManyAndLong_AreBounded()
    {
        var image = Samples.Image().Seen(new string('x', 500), [.. Enumerable.Range(0, 5_000).Select(i => $"{i:x}")]);
        var words = FoldedWords.Of(image).ToList();
        words.Count.ShouldBeLessThanOrEqualTo(FoldedWords.MaxWords);
        words.Max(word => word.Length).ShouldBe(FoldedWords.MaxLength);
    }

    private static BsonDocument ThroughBytes(BsonDocument document) => BsonSerializer.Deserialize<BsonDocument>(document.ToBson());

    private static ImageRecord Record(string kind) => kind switch
    {
        "minimal" => Samples.Image(),
        "unicode" => Samples.Image("Füße 🏖️ \ud83d <b> \0 ").Seen("日本語 \ud83c", ["a\0b", "", "$where", "a.b"], "मुंबई") with { Tags = ["\ud83d", "x"] },
        _ => Samples.Image("IMG_0042.jpg").Seen("A harbour.", ["harbour"], "PLATFORM 9¾") with
        {
            Version = long.MaxValue / 2, Width = 4000, Height = 3000, Frames = 2, Orientation = 6, 
            TakenAtLocal = new DateTime(2023, 9, 23, 10, 11, 12, 170), TakenAt = new DateTimeOffset(2023, 9, 23, 10, 11, 12, 170, TimeSpan.FromHours(9)),
            Metadata = new ImageMetadata("Title", "A <b>cold</b> morning", ["glacier"], 4, "Somebody", "©"), Damaged = new ImageDamage(ImageDamage.Truncated, 0.25),
            MetadataEdits = [new MetadataEdit(2, 5_000_000_000), new MetadataEdit(5_000_000_100, 4, 4, [1, 2, 3, 255])],
            Camera = new CameraInfo("Make", "Model", null, 2.8, 1 / 125.0, 400, 35, true), Location = new GeoLocation(48.137154, 11.576124, -2.5),
            Colors = new ImageColors(["#102030", "#ffffff"], "#ff0000", 0.5, 0.25, 1, false), Placeholder = "data:image/webp;base64,AAAA",
            PerceptualHash = "00ff00ff00ff00ff", Thumbnails = [new ThumbnailInfo(256, 256, 192, "image/webp", 9_000)], Tags = ["mine"],
            Failure = new ImageFailure("AnalyzeImage", "time-limit", "Too slow.", 5, Samples.Noon).Because("time-limit", "blobs"), ArchivedAt = Samples.Noon, TraceId = new string('a', 32),
        },
    };
}
