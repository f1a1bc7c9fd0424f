using System.Text;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Json;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// One document of the collection <c>images</c>:
/// <code>
/// _id       the image's id, a UUID (binary subtype 4; UUIDv7 sort by time)
/// image     the record as in the API's JSON, without the id
/// find      what lists and searches look for: archived, name, tags[], words[]
/// outbox[]  events that are not published yet: id, at (when it was written), event (a CloudEvent, as JSON text)
/// deletedAt only of a tombstone, which has neither image nor find: it waits until its last events are published
/// </code>
/// Every change of an image is one write of one document, which MongoDB makes atomic without transactions or a replica set.
/// A change sets <c>image</c> and <c>find</c> and appends to <c>outbox</c>; it never replaces the document, whose outbox may hold
/// events of the changes before.
/// </summary>
internal static class ImageDocument
{
    /// <summary>The collection.</summary>
    public const string Collection = "images";

    private static readonly UpdateDefinitionBuilder<BsonDocument> Update = Builders<BsonDocument>.Update;
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;

    /// <summary>Nothing but the record.</summary>
    public static readonly ProjectionDefinition<BsonDocument> RecordOnly = Builders<BsonDocument>.Projection.Include("image");

    /// <summary>The document of a new image.</summary>
    public static BsonDocument Of(ImageRecord record, ImageEvent e, DateTimeOffset now) => new()
    {
        { "_id", Key(record.Id) }, { "image", Image(record) }, { "find", Find(record) }, { "outbox", new BsonArray { Waiting(e, now) } },
    };

    /// <summary>The change to another version of the record.</summary>
    public static UpdateDefinition<BsonDocument> Change(ImageRecord after, ImageEvent e, DateTimeOffset now) =>
        Update.Set("image", Image(after)).Set("find", Find(after)).Push("outbox", Waiting(e, now));

    /// <summary>The change to a tombstone; the digest goes with the record and can come again.</summary>
    public static UpdateDefinition<BsonDocument> Removal(ImageEvent e, DateTimeOffset now) =>
        Update.Unset("image").Unset("find").Set("deletedAt", BsonJson.Date(now)).Push("outbox", Waiting(e, now));

    /// <summary>The document whose record still has the version that a move starts from.</summary>
    public static FilterDefinition<BsonDocument> Expected(ImageRecord before) =>
        Filter.And(ById(before.Id), Filter.Eq("image.version", before.Version));

    /// <summary>The document of an image, or its tombstone.</summary>
    public static FilterDefinition<BsonDocument> ById(Guid id) => Filter.Eq("_id", Key(id));

    /// <summary>The document with these bytes.</summary>
    public static FilterDefinition<BsonDocument> ByDigest(string sha256) => Filter.Eq("image.sha256", sha256.ToLowerInvariant());

    /// <summary>The record in a document; null for a tombstone.</summary>
    public static ImageRecord? Record(BsonDocument document)
    {
        if (!document.TryGetValue("image", out var image))
            return null;
        var json = new BsonDocument("id", Id(document["_id"]).ToString("D")).AddRange(image.AsBsonDocument);
        return BsonJson.Read(json, CoreJson.Default.ImageRecord);
    }

    /// <summary>The event in an entry of an outbox.</summary>
    /// <exception cref="FormatException">It is not one that this version knows.</exception>
    public static ImageEvent Event(BsonValue waiting) => CloudEvents.Read(Encoding.UTF8.GetBytes(waiting["event"].AsString));

    /// <summary>A UUID as it is stored.</summary>
    public static BsonBinaryData Key(Guid id) => new(id, GuidRepresentation.Standard);

    /// <summary>A stored UUID.</summary>
    public static Guid Id(BsonValue key) => key.AsBsonBinaryData.ToGuid(GuidRepresentation.Standard);

    /// <summary>A text as BSON can store it: halves of characters become U+FFFD, as in JSON.</summary>
    public static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>What names are sorted by: A to Z like a to z, all else by its code.</summary>
    public static string NameKey(string name) => string.Create(name.Length, name, static (key, from) =>
    {
        for (var i = 0; i < key.Length; i++)
            key[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
    });

    private static BsonDocument Image(ImageRecord record)
    {
        var image = BsonJson.Write(record, CoreJson.Default.ImageRecord);
        image.Remove("id");
        image["sha256"] = record.Sha256.ToLowerInvariant(); // what is looked up
        return image;
    }

    private static BsonDocument Find(ImageRecord record) => new()
    {
        { "archived", record.ArchivedAt is not null },
        { "name", NameKey(WellFormed(record.Name)) },
        { "tags", new BsonArray(record.AllTags().Select(WellFormed).Distinct(StringComparer.Ordinal)) },
        { "words", new BsonArray(FoldedWords.Of(record)) },
    };

    private static BsonDocument Waiting(ImageEvent e, DateTimeOffset now) => new()
    {
        { "id", Key(e.Id) }, { "at", BsonJson.Date(now) }, { "event", Encoding.UTF8.GetString(CloudEvents.Write(e)) },
    };
}
