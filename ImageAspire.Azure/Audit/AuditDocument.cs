using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Access;
using ImageAspire.Core.Auditing;
using ImageAspire.Core.Events;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using MongoDB.Bson;

namespace ImageAspire.Azure.Audit;

/// <summary>An entry of the audit log as a document.</summary>
internal static class AuditDocument
{
    /// <summary>Number in the chain; a document without it was written before there was one.</summary>
    public const string Number = "number";

    /// <summary>Hash in the chain, over the rest of the document.</summary>
    public const string Hash = "hash";

    /// <summary>The stored form of an event.</summary>
    public static BsonDocument Of(ImageEvent e, long sequence) => new()
    {
        { "_id", BsonValues.Key(e.Id) },
        { "sequence", sequence },
        { "type", BsonValues.WellFormed(e.Type) },
        { "imageId", BsonValues.Key(e.ImageId) },
        { "actor", BsonValues.WellFormed(e.Data.Actor) },
        { "at", BsonJson.Date(e.Time) },
        { "traceParent", e.TraceParent is { } trace ? BsonValues.WellFormed(trace) : BsonNull.Value, e.TraceParent is not null },
        { "data", BsonJson.Write(e.Data, CoreJson.Default.ImageEventData) },
    };

    /// <summary>The stored form of a change of a key, or of refused calls.</summary>
    public static BsonDocument Of(AccessEvent e, long sequence) => new()
    {
        { "_id", BsonValues.Key(e.Id) },
        { "sequence", sequence },
        { "type", BsonValues.WellFormed(e.Type) },
        { "keyId", e.KeyId is { } key ? BsonValues.Key(key) : BsonNull.Value, e.KeyId is not null },
        { "actor", BsonValues.WellFormed(e.Actor) },
        { "at", BsonJson.Date(e.Time) },
        { "traceParent", e.TraceParent is { } trace ? BsonValues.WellFormed(trace) : BsonNull.Value, e.TraceParent is not null },
        { "access", BsonJson.Write(e.Data, CoreJson.Default.AccessEventData) },
    };

    /// <summary>The entry in a document.</summary>
    public static AuditEntry Entry(BsonDocument stored) => new(
        BsonValues.Id(stored["_id"]), stored["type"].AsString, stored.TryGetValue("imageId", out var image) ? BsonValues.Id(image) : null,
        stored["actor"].AsString, DateTimeOffset.FromUnixTimeMilliseconds(stored["at"].AsBsonDateTime.MillisecondsSinceEpoch),
        stored.TryGetValue("traceParent", out var trace) ? trace.AsString : null,
        stored.TryGetValue("data", out var data) ? BsonJson.Read(data.AsBsonDocument, CoreJson.Default.ImageEventData) : null,
        stored.TryGetValue("keyId", out var key) ? BsonValues.Id(key) : null,
        stored.TryGetValue("access", out var access) ? BsonJson.Read(access.AsBsonDocument, CoreJson.Default.AccessEventData) : null);

    /// <summary>Makes a document the next one after the last of the chain, null for the first. A document that was linked before is linked anew.</summary>
    public static void Link(BsonDocument document, BsonDocument? last)
    {
        document.Remove(Hash);
        document[Number] = last is null ? 1L : NumberOf(last) + 1;
        document[Hash] = AuditChain.Link(last is null ? AuditChain.Start : HashOf(last) ?? AuditChain.Start, NumberOf(document), Content(document));
    }

    /// <summary>Checks a document of the chain.</summary>
    public static void Check(BsonDocument document, AuditChainCheck chain) => chain.Next(NumberOf(document), HashOf(document), Content(document));

    /// <summary>The head of the chain whose last document is given; null for an empty one.</summary>
    public static AuditHead Head(BsonDocument? last) => last is null ? new(0, AuditHead.HashText(null)) : new(NumberOf(last), AuditHead.HashText(HashOf(last)));

    /// <summary>A document's number.</summary>
    public static long NumberOf(BsonDocument document) => document[Number].ToInt64();

    private static byte[]? HashOf(BsonDocument document) => document.TryGetValue(Hash, out var hash) && hash is BsonBinaryData binary ? binary.Bytes : null;

    // Everything but the hash: MongoDB keeps types and the order of fields, so a document that was read has the bytes of the one that was written.
    private static byte[] Content(BsonDocument document) => new BsonDocument(document.Where(element => element.Name != Hash)).ToBson();
}
