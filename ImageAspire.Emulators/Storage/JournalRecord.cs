using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>
/// A record of the journal, as BSON:
/// <code>
/// ns       database and collection; absent when the record only has "retry"
/// put      a document's number, with doc: the document
/// remove   a document's number
/// indexes  the specifications of all indexes but that of ids
/// drop     true
/// retry    session, number, statement, result of a write that is not done twice
/// </code>
/// </summary>
internal static class JournalRecord
{
    /// <summary>The record of a change, of the statement that made it, or of both: so both are on disk, or neither.</summary>
    public static BsonDocument Write(Change? change, RetriedStatement? done)
    {
        var record = change switch
        {
            null => [],
            DocumentPut put => new BsonDocument { { "ns", put.Namespace }, { "put", put.Number }, { "doc", put.Document } },
            DocumentRemoved removed => new BsonDocument { { "ns", removed.Namespace }, { "remove", removed.Number } },
            IndexesChanged indexes => new BsonDocument { { "ns", indexes.Namespace }, { "indexes", new BsonArray(indexes.Specifications) } },
            _ => new BsonDocument { { "ns", change.Namespace }, { "drop", true } },
        };
        return done is null ? record : record.Add("retry", new BsonDocument
        {
            { "session", done.Key.Session }, { "number", done.Key.Number }, { "statement", done.Statement }, { "result", done.Result },
        });
    }

    /// <summary>The change in a record; null when it has none.</summary>
    public static Change? Change(BsonDocument record)
    {
        if (!record.TryGetValue("ns", out var ns))
            return null;
        if (record.TryGetValue("put", out var put))
            return new DocumentPut(ns.AsString, put.AsInt64, record["doc"].AsBsonDocument);
        if (record.TryGetValue("remove", out var remove))
            return new DocumentRemoved(ns.AsString, remove.AsInt64);
        return record.TryGetValue("indexes", out var indexes)
            ? new IndexesChanged(ns.AsString, [.. indexes.AsBsonArray.Select(one => one.AsBsonDocument)]) : new CollectionDropped(ns.AsString);
    }

    /// <summary>The statement in a record; null when it has none.</summary>
    public static RetriedStatement? Statement(BsonDocument record) => !record.TryGetValue("retry", out var retry) ? null
        : new RetryKey(retry["session"], retry["number"].AsInt64).Done(retry["statement"].AsInt32, retry["result"].AsBsonDocument);
}
