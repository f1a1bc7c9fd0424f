using MongoDB.Bson;
using MongoDB.Driver;
using static ImageAspire.Tests.Emulators.ProbeDatabase;

namespace ImageAspire.Tests.Emulators;

/// <summary>Indexes and bulk writes.</summary>
internal static partial class MongoProbes
{
    private const string Unique = "{unique:true}", Sparse = "{unique:true,sparse:true}";

    private static MongoProbe[] Indexes =>
    [
        new("unique: 1 and 1L are one key", db => Insert(db.With("{_id:1}"), "{_id:NumberLong(1)}"), "error 11000"),
        new("unique: two without the field", db => Insert(db.Indexed("{k:1}", Unique), "{_id:1}", "{_id:2}"), "error 11000"),
        new("unique: null, and without the field", db => Insert(db.Indexed("{k:1}", Unique), "{_id:1,k:null}", "{_id:2}"), "error 11000"),
        new("unique and sparse: two without the field", db => Insert(db.Indexed("{k:1}", Sparse), "{_id:1}", "{_id:2}"), "inserted"),
        new("unique and sparse: two with null", db => Insert(db.Indexed("{k:1}", Sparse), "{_id:1,k:null}", "{_id:2,k:null}"), "error 11000"),
        new("unique over arrays: an element of two documents", db => Insert(db.Indexed("{k:1}", Sparse), "{_id:1,k:[1,2]}", "{_id:2,k:[2,3]}"), "error 11000"),
        new("unique over arrays: an element twice in one document", db => Insert(db.Indexed("{k:1}", Sparse), "{_id:1,k:[1,1]}"), "inserted"),
        new("unique over arrays: pushed onto another document", db => Pushed(db.Indexed("{k:1}", Sparse, "{_id:1,k:[1]}", "{_id:2,k:[2]}")), "error 11000"),
        new("unique over two fields", db => Insert(db.Indexed("{a:1,b:-1}", Unique), "{a:1,b:1}", "{a:1,b:2}", "{a:1,b:1}"), "error 11000"),
        new("unique: freed by an update", db => Freed(db.Indexed("{k:1}", Sparse, "{_id:1,k:1}"), one => one.UpdateOne(new BsonDocument(), BsonDocument.Parse("{$unset:{k:1}}"))), "inserted"),
        new("unique: freed by a removal", db => Freed(db.Indexed("{k:1}", Unique, "{_id:1,k:1}"), one => one.DeleteOne(new BsonDocument())), "inserted"),
        new("unique over what is not", db => db.Indexed("{k:1}", Unique, "{_id:1,k:1}", "{_id:2,k:1}"), "error 11000"),
        new("an error names index and key", db => Message(db.Indexed("{k:1}", Unique), "{_id:1,k:'x'}", "{_id:2,k:'x'}"), "DuplicateKey True"),
        new("the same index again", db => db.CreateIndex(db.Indexed("{k:1}", Unique), "{k:1}", Unique), "made"),
        new("the same keys by another name", db => db.CreateIndex(db.Indexed("{k:1}", Unique), "{k:1}", "{unique:true,name:'other'}"), "error 85"),
        new("the same name with other options", db => db.CreateIndex(db.Indexed("{k:1}", Unique), "{k:1}", "{}"), "error 86"),
        new("the same name over other fields", db => db.CreateIndex(db.Indexed("{k:1}", "{}"), "{other:1}", "{}"), "error 86"),
        new("an index over two arrays", db => Insert(db.Indexed("{a:1,b:1}", "{}"), "{_id:1,a:[1],b:[1]}"), "error 171"),
        new("an index over an array and a scalar", db => Insert(db.Indexed("{a:1,b:1}", "{}"), "{_id:1,a:[1],b:1}"), "inserted"),
        new("TTL over two fields", db => db.Indexed("{a:1,b:1}", "{expireAfterSeconds:0}"), "error 67"),
        new("an index that is dropped is gone", db => Dropped(db.Indexed("{k:1}", Unique, "{_id:1,k:1}")), "inserted"),
        new("no such index", db => db.Run(new BsonDocument { { "dropIndexes", db.With("{_id:1}").CollectionNamespace.CollectionName }, { "index", "none" } }), "error 27"),
        new("indexes are listed", db => string.Join(',', db.Indexed("{k:1}", "{}", "{_id:1}").Indexes.List().ToList().Select(one => one["name"])), "_id_,i"),
    ];

    private static MongoProbe[] Writes =>
    [
        new("an array as _id", db => Insert(db.With(Array.Empty<string>()), "{_id:[1]}"), "error 53"),
        new("ordered: it stops at the first error", db => Bulk(db.With("{_id:1}"), isOrdered: true), "0,1 of 1"),
        new("unordered: it goes on", db => Bulk(db.With("{_id:1}"), isOrdered: false), "0,1,2 of 1,3"),
        new("one of several is removed", db => db.With("{_id:1}", "{_id:2}").DeleteOne(new BsonDocument()).DeletedCount, "1"),
        new("all are removed", db => db.With("{_id:1}", "{_id:2}", "{_id:3}").DeleteMany(BsonDocument.Parse("{_id:{$lt:3}}")).DeletedCount, "2"),
        new("findAndModify answers with the old one", db => Modified(db.With("{_id:1,a:2}", "{_id:2,a:1}"), ReturnDocument.Before), """{"_id":2,"a":1}"""),
        new("findAndModify answers with the new one", db => Modified(db.With("{_id:1,a:2}", "{_id:2,a:1}"), ReturnDocument.After), """{"_id":2,"a":11}"""),
        new("findAndModify of none", db => Modified(db.With(Array.Empty<string>()), ReturnDocument.After), ""),
        new("findAndModify removes", db => Text(db.With("{_id:1,a:2}", "{_id:2,a:1}").FindOneAndDelete(new BsonDocument(), new FindOneAndDeleteOptions<BsonDocument> { Sort = BsonDocument.Parse("{a:1}") })), """{"_id":2,"a":1}"""),
    ];

    private static string Pushed(IMongoCollection<BsonDocument> collection)
    {
        collection.UpdateOne(BsonDocument.Parse("{_id:2}"), BsonDocument.Parse("{$push:{k:1}}"));
        return "pushed";
    }

    private static string Freed(IMongoCollection<BsonDocument> collection, Action<IMongoCollection<BsonDocument>> free)
    {
        free(collection);
        return Insert(collection, "{_id:2,k:1}");
    }

    private static string Dropped(IMongoCollection<BsonDocument> collection)
    {
        collection.Indexes.DropOne("i");
        return Insert(collection, "{_id:2,k:1}");
    }

    private static string Message(IMongoCollection<BsonDocument> collection, params string[] documents)
    {
        try
        {
            return Insert(collection, documents);
        }
        catch (MongoWriteException error)
        {
            return $"{error.WriteError.Category} {error.WriteError.Message.Contains("index: i dup key: { k: \"x\" }", StringComparison.Ordinal)}";
        }
    }

    private static string Bulk(IMongoCollection<BsonDocument> collection, bool isOrdered)
    {
        try
        {
            collection.InsertMany(((int[])[0, 1, 2, 2]).Select(id => new BsonDocument("_id", id)), new InsertManyOptions { IsOrdered = isOrdered });
            return "no error";
        }
        catch (MongoBulkWriteException error)
        {
            return $"{Sorted(collection, "{_id:1}")} of {string.Join(',', error.WriteErrors.Select(one => one.Index))}";
        }
    }

    private static string Modified(IMongoCollection<BsonDocument> collection, ReturnDocument which) =>
        collection.FindOneAndUpdate(new BsonDocument(), BsonDocument.Parse("{$inc:{a:10}}"),
            new FindOneAndUpdateOptions<BsonDocument> { Sort = BsonDocument.Parse("{a:1}"), ReturnDocument = which }) is { } found ? Text(found) : "";
}
