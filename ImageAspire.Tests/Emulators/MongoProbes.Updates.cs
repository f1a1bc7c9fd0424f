using MongoDB.Bson;
using MongoDB.Driver;
using static ImageAspire.Tests.Emulators.ProbeDatabase;

namespace ImageAspire.Tests.Emulators;

/// <summary>Updates.</summary>
internal static partial class MongoProbes
{
    private static MongoProbe[] Updates =>
    [
        new("$set makes documents on the way", db => Text(After(db.With("{_id:1}"), "{$set:{'a.b.c':1}}")), """{"_id":1,"a":{"b":{"c":1}}}"""),
        new("$set through a scalar", db => After(db.With("{_id:1,a:1}"), "{$set:{'a.b':1}}"), "error 28"),
        new("$set of a position", db => Text(After(db.With("{_id:1,a:[1]}"), "{$set:{'a.2':3}}")), """{"_id":1,"a":[1,null,3]}"""),
        new("new fields come by name", db => Text(After(db.With("{_id:1}"), "{$set:{c:1,a:1},$inc:{b:1}}")), """{"_id":1,"a":1,"b":1,"c":1}"""),
        new("$unset", db => Text(After(db.With("{_id:1,a:1,b:{c:1,d:2}}"), "{$unset:{a:1,'b.c':1,x:1}}")), """{"_id":1,"b":{"d":2}}"""),
        new("$unset of a position leaves null", db => Text(After(db.With("{_id:1,a:[1,2]}"), "{$unset:{'a.0':1}}")), """{"_id":1,"a":[null,2]}"""),
        new("$inc of a text", db => After(db.With("{_id:1,a:'x'}"), "{$inc:{a:1}}"), "error 14"),
        new("$inc by a text", db => After(db.With("{_id:1,a:1}"), "{$inc:{a:'x'}}"), "error 14"),
        new("$max of a later date", db => After(db.With("{_id:1,a:ISODate('2020-01-01')}"), "{$max:{a:ISODate('2021-01-01')}}")["a"].ToUniversalTime().Year, "2021"),
        new("$max of an earlier date", db => After(db.With("{_id:1,a:ISODate('2020-01-01')}"), "{$max:{a:ISODate('2019-01-01')}}")["a"].ToUniversalTime().Year, "2020"),
        new("$max of a missing field", db => Text(After(db.With("{_id:1}"), "{$max:{a:1}}")), """{"_id":1,"a":1}"""),
        new("two updates of one path", db => After(db.With("{_id:1}"), "{$set:{a:1},$inc:{a:1}}"), "error 40"),
        new("an update of a path and of one below", db => After(db.With("{_id:1}"), "{$set:{'a.b':1},$unset:{a:1}}"), "error 40"),
        new("an empty name in a path", db => After(db.With("{_id:1}"), "{$set:{'a..b':1}}"), "error 56"),
        new("_id cannot change", db => After(db.With("{_id:1}"), "{$set:{_id:2}}"), "error 66"),
        new("_id set to what it is", db => Text(After(db.With("{_id:1}"), "{$set:{_id:1,a:1}}")), """{"_id":1,"a":1}"""),
        new("_id cannot be replaced", db => db.With("{_id:1}").ReplaceOne(new BsonDocument(), BsonDocument.Parse("{_id:2}")), "error 66"),
        new("a replacement keeps _id", db => Replaced(db.With("{_id:1,a:1}"), "{b:1}"), """{"_id":1,"b":1}"""),
        new("the same value is matched and not modified", db => Counts(db.With("{_id:1,a:1}"), "{$set:{a:1}}"), "1 0"),
        new("the same number of another type is modified", db => Counts(db.With("{_id:1,a:1}"), "{$set:{a:NumberLong(1)}}"), "1 1"),
        new("$pull of nothing is not modified", db => Counts(db.With("{_id:1,a:[1]}"), "{$pull:{a:2}}"), "1 0"),
        new("many are updated", db => db.With("{_id:1}", "{_id:2}").UpdateMany(new BsonDocument(), BsonDocument.Parse("{$set:{a:1}}")).ModifiedCount, "2"),
        new("a modifier that is no document", db => After(db.With("{_id:1}"), "{$set:1}"), "error 9"),
        new("16 MiB after an update", db => Grown(db), "error 17419"),
    ];

    private static MongoProbe[] Arrays =>
    [
        new("$push makes an array", db => Text(After(db.With("{_id:1}"), "{$push:{a:1}}")), """{"_id":1,"a":[1]}"""),
        new("$push onto a scalar", db => After(db.With("{_id:1,a:1}"), "{$push:{a:1}}"), "error 2"),
        new("$push of an array is one element", db => Text(After(db.With("{_id:1,a:[]}"), "{$push:{a:[1,2]}}")), """{"_id":1,"a":[[1,2]]}"""),
        new("$push of each", db => Text(After(db.With("{_id:1,a:[1]}"), "{$push:{a:{$each:[2,3]}}}")), """{"_id":1,"a":[1,2,3]}"""),
        new("$push of none makes an array", db => Text(After(db.With("{_id:1}"), "{$push:{a:{$each:[]}}}")), """{"_id":1,"a":[]}"""),
        new("$slice keeps the last", db => Text(After(db.With("{_id:1,a:[1,2,3]}"), "{$push:{a:{$each:[4,5],$slice:-3}}}")), """{"_id":1,"a":[3,4,5]}"""),
        new("$slice keeps the first", db => Text(After(db.With("{_id:1,a:[1,2]}"), "{$push:{a:{$each:[3],$slice:2}}}")), """{"_id":1,"a":[1,2]}"""),
        new("$each needs an array", db => After(db.With("{_id:1}"), "{$push:{a:{$each:1}}}"), "error 2"),
        new("$pull of a value", db => Text(After(db.With("{_id:1,a:[1,2,1]}"), "{$pull:{a:1}}")), """{"_id":1,"a":[2]}"""),
        new("$pull by a filter of documents", db => Text(After(db.With("{_id:1,a:[{x:1},{x:2},3]}"), "{$pull:{a:{x:{$in:[1,3]}}}}")), """{"_id":1,"a":[{"x":2},3]}"""),
        new("$pull of a missing field", db => Text(After(db.With("{_id:1}"), "{$pull:{a:1}}")), """{"_id":1}"""),
        new("$pull from a scalar", db => After(db.With("{_id:1,a:1}"), "{$pull:{a:1}}"), "error 2"),
    ];

    private static MongoProbe[] Upserts =>
    [
        new("an upsert has the filter's equalities", db => Text(Upserted(db.With(Array.Empty<string>()), "{_id:7,k:'x',e:{$ne:1},n:{$gt:0}}", "{$setOnInsert:{d:1},$push:{e:1}}")), """{"_id":7,"k":"x","d":1,"e":[1]}"""),
        new("$setOnInsert of what is there", db => Text(Upserted(db.With("{_id:7}"), "{_id:7}", "{$setOnInsert:{d:1},$inc:{n:1}}")), """{"_id":7,"n":1}"""),
        new("an upsert of an _id whose other conditions fail", db => Upserted(db.With("{_id:7,e:[1]}"), "{_id:7,e:{$ne:1}}", "{$push:{e:1}}"), "error 11000"),
        new("an upsert by replacement has the filter's _id", db => UpsertedBy(db.With(Array.Empty<string>()), "{_id:7,a:1}", "{b:1}"), """{"_id":7,"b":1}"""),
        new("an upsert makes an ObjectId", db => Upserted(db.With(Array.Empty<string>()), "{k:1}", "{$set:{a:1}}")["_id"].BsonType, "ObjectId"),
        new("an upsert says the id", db => db.With(Array.Empty<string>()).UpdateOne(BsonDocument.Parse("{_id:7}"), BsonDocument.Parse("{$set:{a:1}}"), new UpdateOptions { IsUpsert = true }).UpsertedId, "7"),
    ];

    private static string Counts(IMongoCollection<BsonDocument> collection, string update)
    {
        var result = collection.UpdateOne(new BsonDocument(), BsonDocument.Parse(update));
        return $"{result.MatchedCount} {result.ModifiedCount}";
    }

    private static string Replaced(IMongoCollection<BsonDocument> collection, string by)
    {
        collection.ReplaceOne(new BsonDocument(), BsonDocument.Parse(by));
        return Text(collection.Find(new BsonDocument()).Single());
    }

    private static string UpsertedBy(IMongoCollection<BsonDocument> collection, string filter, string replacement)
    {
        collection.ReplaceOne(BsonDocument.Parse(filter), BsonDocument.Parse(replacement), new ReplaceOptions { IsUpsert = true });
        return Text(collection.Find(new BsonDocument()).Single());
    }

    private static BsonDocument Grown(ProbeDatabase db)
    {
        var collection = db.With(new BsonDocument { { "_id", 1 }, { "a", new BsonArray { new string('x', 9_000_000) } } });
        collection.UpdateOne(new BsonDocument(), new BsonDocument("$push", new BsonDocument("a", new string('y', 9_000_000))));
        return collection.Find(new BsonDocument()).Single();
    }
}
