using MongoDB.Bson;
using MongoDB.Driver;
using static ImageAspire.Tests.Emulators.ProbeDatabase;

namespace ImageAspire.Tests.Emulators;

/// <summary>
/// What the adapters rely on, as questions with MongoDB's answers. Source: the manual and error_codes.yml; the workflow asks a real server (.github/workflows/ci.yml), which alone
/// makes facts of them.
/// </summary>
internal static partial class MongoProbes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<MongoProbe> All { get; } = [.. Values, .. Order, .. Filters, .. Updates, .. Arrays, .. Upserts, .. Indexes, .. Writes, .. Reads, .. Aggregations, .. Refusals];

    private static MongoProbe[] Values =>
    [
        new("int64 keeps its type", db => db.With("{_id:1,a:NumberLong(5)}").Find(new BsonDocument()).Single()["a"].BsonType, "Int64"),
        new("a whole double keeps its type", db => db.With(new BsonDocument { { "_id", 1 }, { "a", 5.0 } }).Find(new BsonDocument()).Single()["a"].BsonType, "Double"),
        new("$inc of int32 by int64 is int64", db => After(db.With("{_id:1,a:1}"), "{$inc:{a:NumberLong(1)}}")["a"].BsonType, "Int64"),
        new("$inc of int32 that overflows is int64", db => Text(After(db.With("{_id:1,a:2147483647}"), "{$inc:{a:1}}")), """{"_id":1,"a":NumberLong("2147483648")}"""),
        new("$inc of a missing field keeps the argument's type", db => After(db.With("{_id:1}"), "{$inc:{a:NumberLong(1)}}")["a"].BsonType, "Int64"),
        new("$inc of a large int64 is exact", db => After(db.With("{_id:1,a:NumberLong('9007199254740993')}"), "{$inc:{a:NumberLong(2)}}")["a"], "9007199254740995"),
        new("$inc of the largest int64", db => After(db.With("{_id:1,a:NumberLong('9223372036854775807')}"), "{$inc:{a:1}}"), "error 2"),
        new("int64 beyond 2^53 compare exactly", db => Ids(db.With("{_id:1,a:NumberLong('9007199254740992')}", "{_id:2,a:NumberLong('9007199254740993')}"), "{a:{$gt:NumberLong('9007199254740992')}}"), "2"),
        new("int64 beside a double compare exactly", db => Ids(db.With("{_id:1,a:NumberLong('9007199254740993')}"), "{a:{$gt:9007199254740992.0}}"), "1"),
        new("int32, int64 and double are equal", db => Ids(db.With("{_id:1,a:1}", "{_id:2,a:NumberLong(1)}", "{_id:3,a:1.0}"), "{a:1}"), "1,2,3"),
        new("a UUID keeps its subtype", db => db.With("{_id:UUID('00000000-0000-0000-0000-000000000003')}").Find(new BsonDocument()).Single()["_id"].AsBsonBinaryData.SubType, "UuidStandard"),
        new("_id is moved to the front", db => Text(db.With("{a:1,_id:1}").Find(new BsonDocument()).Single()), """{"_id":1,"a":1}"""),
        new("names that are numbers keep their order", db => Text(db.With("{_id:1,b:1,'2':1,'1':1}").Find(new BsonDocument()).Single()), """{"_id":1,"b":1,"2":1,"1":1}"""),
    ];

    private static MongoProbe[] Order =>
    [
        new("order across types", db => Sorted(db.With("{_id:9,a:/x/}", "{_id:8,a:ISODate('2020-01-01')}", "{_id:7,a:true}", "{_id:6,a:ObjectId('000000000000000000000001')}", "{_id:5,a:UUID('00000000-0000-0000-0000-000000000001')}",
            "{_id:4,a:{b:1}}", "{_id:3,a:'x'}", "{_id:2,a:7}", "{_id:1}"), "{a:1}"), "1,2,3,4,5,6,7,8,9"),
        new("an array sorts upwards by its least", db => Sorted(db.With("{_id:1,a:[5,1]}", "{_id:2,a:3}", "{_id:3,a:[2,9]}"), "{a:1}"), "1,3,2"),
        new("an array sorts downwards by its greatest", db => Sorted(db.With("{_id:1,a:[5,1]}", "{_id:2,a:3}", "{_id:3,a:[2,9]}"), "{a:-1}"), "3,1,2"),
        new("an empty array is below null", db => Sorted(db.With("{_id:1,a:null}", "{_id:2,a:[]}"), "{a:1}"), "2,1"),
        new("texts sort by code points", db => Sorted(db.With("{_id:1,a:'\ud83d\ude00'}", "{_id:2,a:'\ufffd'}"), "{a:1}"), "2,1"),
        new("texts sort Z before a", db => Sorted(db.With("{_id:1,a:'a'}", "{_id:2,a:'Z'}"), "{a:1}"), "2,1"),
        new("the beginning of a text is before it", db => Sorted(db.With("{_id:1,a:'ab'}", "{_id:2,a:'a'}"), "{a:1}"), "2,1"),
        new("the shorter binary is first", db => Sorted(db.With(new BsonDocument { { "_id", 1 }, { "a", new byte[] { 1, 0 } } }, new BsonDocument { { "_id", 2 }, { "a", new byte[] { 9 } } }), "{a:1}"), "2,1"),
        new("UUIDs sort by bytes without a sign", db => Ids(db.With("{_id:1,a:UUID('c8000000-0000-0000-0000-000000000000')}", "{_id:2,a:UUID('03000000-0000-0000-0000-000000000000')}"),
            "{a:{$lt:UUID('64000000-0000-0000-0000-000000000000')}}"), "2"),
        new("documents sort field by field", db => Sorted(db.With("{_id:1,a:{x:2}}", "{_id:2,a:{x:1,y:1}}", "{_id:3,a:{x:1}}"), "{a:1}"), "3,2,1"),
        new("two keys", db => Sorted(db.With("{_id:1,a:1,b:1}", "{_id:2,a:1,b:2}", "{_id:3,a:0,b:0}"), "{a:1,b:-1}"), "3,2,1"),
        new("int64 of other lengths sort by value", db => Sorted(db.With("{_id:1,a:NumberLong('99999999999999999')}", "{_id:2,a:NumberLong('100000000000000000')}"), "{a:-1}"), "2,1"),
    ];
}
