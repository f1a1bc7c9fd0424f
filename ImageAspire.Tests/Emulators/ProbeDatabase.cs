using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver;

namespace ImageAspire.Tests.Emulators;

/// <summary>What probes ask with. Documents are JSON as MongoDB's shell writes it.</summary>
internal sealed class ProbeDatabase(IMongoDatabase database)
{
    /// <summary>A new collection with documents.</summary>
    public IMongoCollection<BsonDocument> With(params string[] documents) => With([.. documents.Select(BsonDocument.Parse)]);

    /// <summary>A new collection with documents.</summary>
    public IMongoCollection<BsonDocument> With(params BsonDocument[] documents)
    {
        var collection = database.GetCollection<BsonDocument>($"c{Guid.NewGuid():N}");
        if (documents.Length > 0)
            collection.InsertMany(documents);
        return collection;
    }

    /// <summary>A new collection with an index and documents.</summary>
    public IMongoCollection<BsonDocument> Indexed(string key, string options, params string[] documents)
    {
        var collection = With(documents);
        CreateIndex(collection, key, options);
        return collection;
    }

    /// <summary>Makes an index.</summary>
    public string CreateIndex(IMongoCollection<BsonDocument> collection, string key, string options)
    {
        var index = new BsonDocument { { "key", BsonDocument.Parse(key) }, { "name", "i" } }.Merge(BsonDocument.Parse(options), overwriteExistingElements: true);
        Run(new BsonDocument { { "createIndexes", collection.CollectionNamespace.CollectionName }, { "indexes", new BsonArray { index } } });
        return "made";
    }

    /// <summary>The answer to a command.</summary>
    public BsonDocument Run(BsonDocument command) => database.RunCommand<BsonDocument>(command);

    /// <summary>The answer to a command, as JSON.</summary>
    public BsonDocument Run(string command) => Run(BsonDocument.Parse(command));

    /// <summary>The ids of what a filter finds.</summary>
    public static string Ids(IMongoCollection<BsonDocument> collection, string filter, string? sort = null) => string.Join(',',
        collection.Find(BsonDocument.Parse(filter)).Sort(sort is null ? null : BsonDocument.Parse(sort)).ToEnumerable().Select(one => one["_id"]));

    /// <summary>The ids in the order of a sort.</summary>
    public static string Sorted(IMongoCollection<BsonDocument> collection, string sort) => Ids(collection, "{}", sort);

    /// <summary>The only document after an update.</summary>
    public static BsonDocument After(IMongoCollection<BsonDocument> collection, string update)
    {
        collection.UpdateOne(new BsonDocument(), BsonDocument.Parse(update));
        return collection.Find(new BsonDocument()).Single();
    }

    /// <summary>The only document after an update that may insert it.</summary>
    public static BsonDocument Upserted(IMongoCollection<BsonDocument> collection, string filter, string update)
    {
        collection.UpdateOne(BsonDocument.Parse(filter), BsonDocument.Parse(update), new UpdateOptions { IsUpsert = true });
        return collection.Find(new BsonDocument()).Single();
    }

    /// <summary>Inserts documents one after the other.</summary>
    public static string Insert(IMongoCollection<BsonDocument> collection, params string[] documents)
    {
        foreach (var document in documents)
            collection.InsertOne(BsonDocument.Parse(document));
        return "inserted";
    }

    /// <summary>The result of an aggregation.</summary>
    public static string Aggregate(IMongoCollection<BsonDocument> collection, params string[] stages) =>
        string.Join(' ', collection.Aggregate<BsonDocument>(stages.Select(BsonDocument.Parse).ToArray()).ToEnumerable().Select(Text));

    /// <summary>A document as compact JSON; int64 is NumberLong.</summary>
    public static string Text(BsonDocument document) => document.ToJson(new JsonWriterSettings { OutputMode = JsonOutputMode.Shell }).Replace(" ", "", StringComparison.Ordinal);
}
