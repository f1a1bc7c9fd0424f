using System.Globalization;
using System.Text;
using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Json;
using ImageAspire.Core.Vectors;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// One document of the collection <c>images</c>:
/// <code>
/// _id       the image's id, a UUID (binary subtype 4; UUIDv7 sort by time)
/// image     the record as in the API's JSON, without the id
/// find      the fields of lists and searches: archived, name, tags[], words[], camera[] (words of make and model), taken (by the clock there; absent when unknown);
///           of an image in the trash only trash (<see cref="MongoImageTrash"/>), so that no list and no search finds it
/// vectors   the image's vectors (<see cref="VectorFields"/>)
/// outbox[]  events that are not published yet: id, at (when it was written), event (a CloudEvent, as JSON text)
/// deletedAt only of a tombstone, which has neither image, find nor vectors, and stays until its last events are published
/// </code>
/// Every change of an image is one write of one document, which MongoDB makes atomic without transactions or a replica set.
/// A change sets <c>image</c> and <c>find</c> and appends to <c>outbox</c>; it never replaces the document, whose outbox may have
/// events of earlier changes.
/// </summary>
internal static class ImageDocument
{
    /// <summary>The collection.</summary>
    public const string Collection = "images";

    private static readonly UpdateDefinitionBuilder<BsonDocument> Update = Builders<BsonDocument>.Update;
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;

    /// <summary>Only the record.</summary>
    public static readonly ProjectionDefinition<BsonDocument> RecordOnly = Builders<BsonDocument>.Projection.Include("image");

    /// <summary>The document of a new image.</summary>
    public static BsonDocument Of(ImageRecord record, IEnumerable<ImageEvent> events, DateTimeOffset now, IReadOnlyList<ImageVector>? vectors = null)
    {
        var document = new BsonDocument
        {
            { "_id", BsonValues.Key(record.Id) }, { "image", Image(record) }, { "find", Find(record) }, { "outbox", Waiting(events, now) },
        };
        return vectors is null or [] ? document : document.Add(VectorFields.Field, new BsonDocument(VectorFields.Stored(vectors)));
    }

    /// <summary>The change to another version of the record.</summary>
    public static UpdateDefinition<BsonDocument> Change(ImageRecord after, IEnumerable<ImageEvent> events, DateTimeOffset now, IReadOnlyList<ImageVector>? vectors = null) =>
        VectorFields.Stored(vectors).Aggregate(Update.Set("image", Image(after)).Set("find", Find(after)).PushEach("outbox", Waiting(events, now)),
            (update, ofKind) => update.Set($"{VectorFields.Field}.{ofKind.Name}", ofKind.Value));

    /// <summary>The change to a tombstone; the digest is removed with the record, so the same bytes can be uploaded again.</summary>
    public static UpdateDefinition<BsonDocument> Removal(IEnumerable<ImageEvent> events, DateTimeOffset now) =>
        Update.Unset("image").Unset("find").Unset(VectorFields.Field).Set("deletedAt", BsonJson.Date(now)).PushEach("outbox", Waiting(events, now));

    /// <summary>The document whose record still has the version before a transition.</summary>
    public static FilterDefinition<BsonDocument> Expected(ImageRecord before) =>
        Filter.And(ById(before.Id), Filter.Eq("image.version", before.Version));

    /// <summary>The document of an image, or its tombstone.</summary>
    public static FilterDefinition<BsonDocument> ById(Guid id) => Filter.Eq("_id", BsonValues.Key(id));

    /// <summary>The document with these bytes.</summary>
    public static FilterDefinition<BsonDocument> ByDigest(string sha256) => Filter.Eq("image.sha256", sha256.ToLowerInvariant());

    /// <summary>The record in a document; null for a tombstone.</summary>
    public static ImageRecord? Record(BsonDocument document)
    {
        if (!document.TryGetValue("image", out var image))
            return null;
        var json = new BsonDocument("id", BsonValues.Id(document["_id"]).ToString("D")).AddRange(image.AsBsonDocument);
        return BsonJson.Read(json, CoreJson.Default.ImageRecord);
    }

    /// <summary>The event in an entry of an outbox.</summary>
    /// <exception cref="FormatException">This version does not know the event.</exception>
    public static ImageEvent Event(BsonValue waiting) => CloudEvents.Read(Encoding.UTF8.GetBytes(waiting["event"].AsString));

    /// <summary>The change that adds the fields of lists to a document of an earlier version; the record and its version stay.</summary>
    public static UpdateOneModel<BsonDocument> Completion(BsonDocument document)
    {
        var find = new BsonDocument("camera", new BsonArray());
        var filter = Filter.Eq("_id", document["_id"]);
        try
        {
            if (Record(document) is { } record)
                (find, filter) = (Find(record), Expected(record));
        }
        catch (FormatException)
        {
            // A damaged document: marked as done, or it would be read again for ever.
        }

        return new(filter, Update.Combine(find.Select(field => Update.Set("find." + field.Name, field.Value))));
    }

    /// <summary>A time by the clock where an image was taken, as text that sorts like it.</summary>
    public static string TakenKey(DateTime clock) => clock.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    /// <summary>The sort key of a name: ASCII letters in lower case, all else unchanged.</summary>
    public static string NameKey(string name) => string.Create(name.Length, name, static (key, from) =>
    {
        for (var i = 0; i < key.Length; i++)
            key[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
    });

    private static BsonDocument Image(ImageRecord record)
    {
        var image = BsonJson.Write(record, CoreJson.Default.ImageRecord);
        image.Remove("id");
        image["sha256"] = record.Sha256.ToLowerInvariant(); // as it is queried
        return image;
    }

    private static BsonDocument Find(ImageRecord record)
    {
        if (record.PurgeAt is { } purgeAt)
            return new BsonDocument(MongoImageTrash.Field, MongoImageTrash.KeyOf(purgeAt, record.Id));
        var find = new BsonDocument
        {
            { "archived", record.ArchivedAt is not null },
            { "name", NameKey(BsonValues.WellFormed(record.Name)) },
            { "tags", new BsonArray(record.AllTags().Select(BsonValues.WellFormed).Distinct(StringComparer.Ordinal)) },
            { "words", new BsonArray(FoldedWords.Of(record)) },
            { "camera", new BsonArray(FoldedWords.OfCamera(record)) },
        };
        return record.TakenByClock is { } taken ? find.Add("taken", TakenKey(taken)) : find;
    }

    private static BsonArray Waiting(IEnumerable<ImageEvent> events, DateTimeOffset now) => new(events.Select(e => new BsonDocument
    {
        { "id", BsonValues.Key(e.Id) }, { "at", BsonJson.Date(now) }, { "event", Encoding.UTF8.GetString(CloudEvents.Write(e)) },
    }));
}
