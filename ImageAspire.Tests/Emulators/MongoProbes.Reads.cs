using MongoDB.Bson;
using MongoDB.Driver;
using static ImageAspire.Tests.Emulators.ProbeDatabase;

namespace ImageAspire.Tests.Emulators;

/// <summary>Projections, cursors and aggregations.</summary>
internal static partial class MongoProbes
{
    private static MongoProbe[] Reads =>
    [
        new("a projection keeps the document's order", db => Projected(db.With("{_id:1,b:1,a:{x:1,y:2}}"), "{'a.y':1,b:1}"), """{"_id":1,"b":1,"a":{"y":2}}"""),
        new("a projection of the id alone", db => Projected(db.With("{_id:1,b:1}"), "{_id:1}"), """{"_id":1}"""),
        new("a projection without the id", db => Projected(db.With("{_id:1,b:1,c:1}"), "{_id:0,b:1}"), """{"b":1}"""),
        new("a projection of a missing field", db => Projected(db.With("{_id:1,b:1}"), "{c:1}"), """{"_id":1}"""),
        new("a projection into an array", db => Projected(db.With("{_id:1,a:[{x:1,y:1},2,{y:1}]}"), "{'a.x':1}"), """{"_id":1,"a":[{"x":1},{}]}"""),
        new("a projection below a scalar", db => Projected(db.With("{_id:1,a:7}"), "{'a.x':1}"), """{"_id":1}"""),
        new("a cursor of a thousand in batches of seven", db => Many(db).Find(new BsonDocument(), new FindOptions { BatchSize = 7 }).Limit(900).ToList().Count, "900"),
        new("a cursor without a batch size", db => Many(db).Find(new BsonDocument()).ToList().Count, "1000"),
        new("a cursor that was closed", Closed, "error 43"),
        new("a collection that is not there is empty", db => db.With(Array.Empty<string>()).CountDocuments(new BsonDocument()), "0"),
        new("a count", db => db.With("{_id:1,a:1}", "{_id:2}").CountDocuments(BsonDocument.Parse("{a:1}")), "1"),
        new("a count up to a limit", db => Many(db).CountDocuments(new BsonDocument(), new CountOptions { Limit = 5 }), "5"),
    ];

    private static MongoProbe[] Aggregations =>
    [
        new("$unwind leaves out what is missing, null or empty", db => Aggregate(db.With("{_id:1,a:[1,2]}", "{_id:2}", "{_id:3,a:null}", "{_id:4,a:[]}", "{_id:5,a:7}"), "{$unwind:'$a'}", "{$sort:{_id:1,a:1}}"),
            """{"_id":1,"a":1} {"_id":1,"a":2} {"_id":5,"a":7}"""),
        new("$group: a missing value is null", db => Aggregate(db.With("{_id:1}", "{_id:2,a:null}"), "{$group:{_id:'$a',n:{$sum:1}}}"), """{"_id":null,"n":2}"""),
        new("$group by a document leaves missing fields out", db => Aggregate(db.With("{_id:1,a:1}"), "{$group:{_id:{a:'$a',b:'$b'},n:{$sum:1}}}"), """{"_id":{"a":1},"n":1}"""),
        new("$group keeps the key's type", db => Aggregate(db.With("{_id:1,a:NumberLong(7)}"), "{$group:{_id:'$a'}}"), """{"_id":NumberLong(7)}"""),
        new("$sum of int32 and int64", db => Aggregate(db.With("{_id:1,a:1}", "{_id:2,a:NumberLong(2)}"), "{$group:{_id:null,s:{$sum:'$a'}}}"), """{"_id":null,"s":NumberLong(3)}"""),
        new("$sum leaves out what is no number", db => Aggregate(db.With("{_id:1,a:1}", "{_id:2,a:'x'}", "{_id:3}"), "{$group:{_id:null,s:{$sum:'$a'}}}"), """{"_id":null,"s":1}"""),
        new("$push of documents with missing fields", db => Aggregate(db.With("{_id:1}"), "{$group:{_id:null,t:{$push:{v:'$x',w:'$_id'}}}}"), """{"_id":null,"t":[{"w":1}]}"""),
        new("$push in the order of a sort", db => Aggregate(db.With("{_id:1,a:1}", "{_id:2,a:3}", "{_id:3,a:2}"), "{$sort:{a:-1}}", "{$group:{_id:null,t:{$push:'$a'}}}"), """{"_id":null,"t":[3,2,1]}"""),
        new("$slice of an array", db => Aggregate(db.With("{_id:1,x:[1,2,3]}"), "{$project:{t:{$slice:['$x',2]}}}"), """{"_id":1,"t":[1,2]}"""),
        new("$slice of a missing field", db => Aggregate(db.With("{_id:1}"), "{$project:{t:{$slice:['$x',2]}}}"), """{"_id":1,"t":null}"""),
        new("$project of a field by another name", db => Aggregate(db.With("{_id:1,a:{b:2}}"), "{$project:{_id:0,v:'$a.b'}}"), """{"v":2}"""),
        new("$project of a field of documents in an array", db => Aggregate(db.With("{_id:1,a:[{b:1},{c:1},{b:2}]}"), "{$project:{_id:0,v:'$a.b'}}"), """{"v":[1,2]}"""),
        new("$ifNull", db => Aggregate(db.With("{_id:1,a:null}", "{_id:2,a:5}", "{_id:3}"), "{$sort:{_id:1}}", "{$project:{_id:0,v:{$ifNull:['$a','none']}}}"), """{"v":"none"} {"v":5} {"v":"none"}"""),
        new("$cond with $gt null: a missing field is below it", db => Aggregate(db.With("{_id:1,a:null}", "{_id:2,a:'k'}", "{_id:3}"), "{$sort:{_id:1}}", "{$project:{_id:0,v:{$cond:[{$gt:['$a',null]},1,0]}}}"),
            """{"v":0} {"v":1} {"v":0}"""),
        new("$match, $sort and $limit", db => Aggregate(db.With("{_id:1}", "{_id:2}", "{_id:3}"), "{$match:{_id:{$gt:1}}}", "{$sort:{_id:-1}}", "{$limit:1}"), """{"_id":3}"""),
        new("$group of nothing", db => Aggregate(db.With(Array.Empty<string>()), "{$group:{_id:null,n:{$sum:1}}}"), ""),
    ];

    private static string Projected(IMongoCollection<BsonDocument> collection, string projection) =>
        Text(collection.Find(new BsonDocument()).Project<BsonDocument>(BsonDocument.Parse(projection)).Single());

    private static IMongoCollection<BsonDocument> Many(ProbeDatabase db) => db.With([.. Enumerable.Range(0, 1000).Select(i => new BsonDocument("_id", i))]);

    private static BsonDocument Closed(ProbeDatabase db)
    {
        var collection = Many(db).CollectionNamespace.CollectionName;
        var id = db.Run(new BsonDocument("find", collection))["cursor"]["id"];
        db.Run(new BsonDocument { { "killCursors", collection }, { "cursors", new BsonArray { id } } });
        return db.Run(new BsonDocument { { "getMore", id }, { "collection", collection } });
    }
}
