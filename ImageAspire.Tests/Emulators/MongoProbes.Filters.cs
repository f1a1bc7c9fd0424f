using static ImageAspire.Tests.Emulators.ProbeDatabase;

namespace ImageAspire.Tests.Emulators;

/// <summary>Filters.</summary>
internal static partial class MongoProbes
{
    private static readonly string[] Nulls = ["{_id:1,a:null}", "{_id:2}", "{_id:3,a:0}", "{_id:4,a:[null]}", "{_id:5,a:[]}"];
    private static readonly string[] Mixed = ["{_id:1,a:[1,5]}", "{_id:2,a:3}", "{_id:3,a:[[1,5]]}", "{_id:4,a:'3'}"];
    private static readonly string[] Nested = ["{_id:1,o:[{at:1},{at:9}]}", "{_id:2,o:[]}", "{_id:3}", "{_id:4,o:{at:1}}", "{_id:5,o:[7]}", "{_id:6,o:[{x:1}]}"];
    private static readonly string[] Words = ["{_id:1,w:['red','boat']}", "{_id:2,w:['bored']}", "{_id:3,w:'Red'}", "{_id:4,w:7}"];

    private static MongoProbe[] Filters =>
    [
        new("null is a missing field, and one in an array", db => Ids(db.With(Nulls), "{a:null}"), "1,2,4"),
        new("$ne null", db => Ids(db.With(Nulls), "{a:{$ne:null}}"), "3,5"),
        new("$in with null", db => Ids(db.With(Nulls), "{a:{$in:[null,0]}}"), "1,2,3,4"),
        new("$nin with null", db => Ids(db.With(Nulls), "{a:{$nin:[null,0]}}"), "5"),
        new("$gt null is nothing", db => Ids(db.With(Nulls), "{a:{$gt:null}}"), ""),
        new("$gte null is null", db => Ids(db.With(Nulls), "{a:{$gte:null}}"), "1,2,4"),
        new("$exists", db => Ids(db.With(Nulls), "{a:{$exists:true}}"), "1,3,4,5"),
        new("$exists false", db => Ids(db.With(Nulls), "{a:{$exists:false}}"), "2"),
        new("an element, or the whole array", db => Ids(db.With(Mixed), "{a:5}"), "1"),
        new("the whole array, also in an array", db => Ids(db.With(Mixed), "{a:[1,5]}"), "1,3"),
        new("$ne looks at all elements", db => Ids(db.With(Mixed), "{a:{$ne:5}}"), "2,3,4"),
        new("bounds apply to their own type", db => Ids(db.With(Mixed), "{a:{$gt:2}}"), "1,2"),
        new("bounds of texts apply to texts", db => Ids(db.With(Mixed), "{a:{$lt:'x'}}"), "4"),
        new("two bounds may be met by two elements", db => Ids(db.With(Mixed), "{a:{$gt:4,$lt:2}}"), "1"),
        new("$size", db => Ids(db.With(Mixed), "{a:{$size:2}}"), "1"),
        new("$size 0", db => Ids(db.With(Nulls), "{a:{$size:0}}"), "5"),
        new("$type number, also in an array", db => Ids(db.With(Mixed), "{a:{$type:'number'}}"), "1,2"),
        new("$not $type number", db => Ids(db.With("{_id:1,a:1}", "{_id:2,a:NumberLong(1)}", "{_id:3,a:'1'}", "{_id:4}"), "{a:{$not:{$type:'number'}}}"), "3,4"),
        new("$type by its number", db => Ids(db.With(Mixed), "{a:{$type:2}}"), "4"),
        new("a field of documents in an array", db => Ids(db.With(Nested), "{'o.at':{$lt:5}}"), "1,4"),
        new("a position in an array", db => Ids(db.With(Nested), "{'o.1.at':9}"), "1"),
        new("null below an array", db => Ids(db.With(Nested), "{'o.at':null}"), "3,6"),
        new("$exists false below an array", db => Ids(db.With(Nested), "{'o.at':{$exists:false}}"), "2,3,5,6"),
        new("the order of fields counts", db => Ids(db.With("{_id:1,a:{x:1,y:2}}", "{_id:2,a:{y:2,x:1}}"), "{a:{x:1,y:2}}"), "1"),
        new("an anchored expression finds elements", db => Ids(db.With(Words), "{w:/^re/}"), "1"),
        new("an expression without an anchor", db => Ids(db.With(Words), "{w:/red/}"), "1,2"),
        new("an expression without case", db => Ids(db.With(Words), "{w:/^RED$/i}"), "1,3"),
        new("an escaped expression", db => Ids(db.With("{_id:1,w:'a.b'}", "{_id:2,w:'axb'}"), """{w:{$regex:'^a\\.b'}}"""), "1"),
        new("expressions in $in", db => Ids(db.With(Words), "{w:{$in:[/^bo/,7]}}"), "1,2,4"),
        new("$or and $and", db => Ids(db.With(Mixed), "{$or:[{a:3},{$and:[{a:1},{a:5}]}]}"), "1,2"),
        new("$or of nothing", db => Ids(db.With(Mixed), "{$or:[]}"), "error 2"),
        new("a UUID is found", db => Ids(db.With("{_id:1,a:UUID('00000000-0000-0000-0000-000000000001')}"), "{a:UUID('00000000-0000-0000-0000-000000000001')}"), "1"),
    ];

    private static MongoProbe[] Refusals =>
    [
        new("an unknown command", db => db.Run("{inventTheWheel:1}"), "error 59"),
        new("an unknown operator of filters", db => Ids(db.With("{_id:1}"), "{a:{$foo:1}}"), "error 2"),
        new("an unknown operator at the top of a filter", db => Ids(db.With("{_id:1}"), "{$foo:1}"), "error 2"),
        new("an unknown operator of updates", db => After(db.With("{_id:1}"), "{$foo:{a:2}}"), "error 9"),
        new("an unknown stage", db => Aggregate(db.With("{_id:1}"), "{$foo:{}}"), "error 40324"),
        new("an unknown expression", db => Aggregate(db.With("{_id:1}"), "{$group:{_id:{$foo:1}}}"), "error 168"),
        new("an unknown accumulator", db => Aggregate(db.With("{_id:1}"), "{$group:{_id:null,a:{$foo:1}}}"), "error 15952"),
        new("an unknown argument", db => db.Run("{find:'x',inventTheWheel:1}"), "error 40415"),
        new("a write concern that one server cannot satisfy", db => db.Run("{insert:'x',documents:[{_id:1}],writeConcern:{w:3}}"), "error 2"),
        new("a collection without a name", db => db.Run("{insert:'',documents:[{_id:1}]}"), "error 73"),
    ];
}
