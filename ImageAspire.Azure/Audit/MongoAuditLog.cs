using System.Buffers.Binary;
using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Json;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Audit;

/// <summary>
/// The audit log on MongoDB; a document for each event, whose <c>_id</c> is the event's, so that a second delivery is refused by the server.
/// "Newest" is what was appended last. Its <c>sequence</c> is the time of the append in ticks of 100 ns, and grows with every append of a
/// process; between processes it is as exact as their clocks. This class only inserts; a database user for the audit alone,
/// without the right to update and remove, makes it append-only for everybody.
/// </summary>
internal sealed class MongoAuditLog(IMongoDatabase database, TimeProvider time) : IAuditLog
{
    /// <summary>The collection.</summary>
    public const string Collection = "audit";

    private const int MaxLimit = 200;
    private const int PlaceLength = sizeof(long) + 16;

    private readonly IMongoCollection<BsonDocument> _entries = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    private long _last;

    /// <inheritdoc />
    public Task AppendAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(e);
        return AppendAsync(sequence => Document(e, sequence), cancellationToken);
    }

    /// <inheritdoc />
    public Task AppendAsync(AccessEvent e, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(e);
        return AppendAsync(sequence => Document(e, sequence), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxLimit, nameof(query));
        string?[] filters = ["audit", (query.ImageId ?? query.KeyId)?.ToString("D"), query.Type, query.Actor, $"{query.From?.ToUnixTimeMilliseconds()}", $"{query.To?.ToUnixTimeMilliseconds()}"];
        var filter = Filter(query, query.Cursor is null ? null : OpaqueCursor.Read(query.Cursor, filters));
        var newest = Builders<BsonDocument>.Sort.Descending("sequence").Descending("_id");
        var found = await MongoErrors.TranslateAsync(() => _entries.Find(filter, MongoImageCatalog.PageOptions(query.Limit))
            .Sort(newest).Limit(query.Limit + 1).ToListAsync(cancellationToken));
        var items = found.Take(query.Limit).Select(Entry).ToList();
        return new AuditPage(items, found.Count > query.Limit ? OpaqueCursor.Write(Place(found[query.Limit - 1]), filters) : null);
    }

    /// <summary>The stored form of an event.</summary>
    public static BsonDocument Document(ImageEvent e, long sequence) => new()
    {
        { "_id", ImageDocument.Key(e.Id) },
        { "sequence", sequence },
        { "type", ImageDocument.WellFormed(e.Type) },
        { "imageId", ImageDocument.Key(e.ImageId) },
        { "actor", ImageDocument.WellFormed(e.Data.Actor) },
        { "at", BsonJson.Date(e.Time) },
        { "traceParent", e.TraceParent is { } trace ? ImageDocument.WellFormed(trace) : BsonNull.Value, e.TraceParent is not null },
        { "data", BsonJson.Write(e.Data, CoreJson.Default.ImageEventData) },
    };

    /// <summary>The stored form of what happened to a key, or of refused calls.</summary>
    public static BsonDocument Document(AccessEvent e, long sequence) => new()
    {
        { "_id", ImageDocument.Key(e.Id) },
        { "sequence", sequence },
        { "type", ImageDocument.WellFormed(e.Type) },
        { "keyId", e.KeyId is { } key ? ImageDocument.Key(key) : BsonNull.Value, e.KeyId is not null },
        { "actor", ImageDocument.WellFormed(e.Actor) },
        { "at", BsonJson.Date(e.Time) },
        { "traceParent", e.TraceParent is { } trace ? ImageDocument.WellFormed(trace) : BsonNull.Value, e.TraceParent is not null },
        { "access", BsonJson.Write(e.Data, CoreJson.Default.AccessEventData) },
    };

    /// <summary>The entry in a document.</summary>
    public static AuditEntry Entry(BsonDocument stored) => new(
        ImageDocument.Id(stored["_id"]), stored["type"].AsString, stored.TryGetValue("imageId", out var image) ? ImageDocument.Id(image) : null,
        stored["actor"].AsString, DateTimeOffset.FromUnixTimeMilliseconds(stored["at"].AsBsonDateTime.MillisecondsSinceEpoch),
        stored.TryGetValue("traceParent", out var trace) ? trace.AsString : null,
        stored.TryGetValue("data", out var data) ? BsonJson.Read(data.AsBsonDocument, CoreJson.Default.ImageEventData) : null,
        stored.TryGetValue("keyId", out var key) ? ImageDocument.Id(key) : null,
        stored.TryGetValue("access", out var access) ? BsonJson.Read(access.AsBsonDocument, CoreJson.Default.AccessEventData) : null);

    private Task<bool> AppendAsync(Func<long, BsonDocument> document, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
    {
        try
        {
            await _entries.InsertOneAsync(document(NextSequence()), options: null, cancellationToken);
            return true;
        }
        catch (MongoWriteException error) when (MongoErrors.IsDuplicate(error) && error.WriteConcernError is null)
        {
            return false; // there since an earlier delivery
        }
    });

    private static FilterDefinition<BsonDocument> Filter(AuditQuery query, byte[]? place)
    {
        var by = Builders<BsonDocument>.Filter;
        var all = new List<FilterDefinition<BsonDocument>> { by.Empty };
        if (query.ImageId is { } image)
            all.Add(by.Eq("imageId", ImageDocument.Key(image)));
        else if (query.KeyId is { } key)
            all.Add(by.Eq("keyId", ImageDocument.Key(key)));
        if (query.Type is { } type)
            all.Add(by.Eq("type", ImageDocument.WellFormed(type)));
        if (query.Actor is { } actor)
            all.Add(by.Eq("actor", ImageDocument.WellFormed(actor)));
        if (query.From is { } from)
            all.Add(by.Gte("at", BsonJson.Date(from)));
        if (query.To is { } to)
            all.Add(by.Lt("at", BsonJson.Date(to)));
        if (place is not null)
        {
            if (place.Length != PlaceLength)
                throw new InvalidCursorException();
            var sequence = BinaryPrimitives.ReadInt64BigEndian(place);
            var id = ImageDocument.Key(new Guid(place.AsSpan(sizeof(long)), bigEndian: true));
            // The first bound is where the index is entered; the second leaves out what is equal and came before.
            all.Add(by.Lte("sequence", sequence));
            all.Add(by.Or(by.Lt("sequence", sequence), by.Lt("_id", id)));
        }

        return by.And(all);
    }

    private static byte[] Place(BsonDocument last)
    {
        var place = new byte[PlaceLength];
        BinaryPrimitives.WriteInt64BigEndian(place, last["sequence"].AsInt64);
        ImageDocument.Id(last["_id"]).TryWriteBytes(place.AsSpan(sizeof(long)), bigEndian: true, out _);
        return place;
    }

    private long NextSequence()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, time.GetUtcNow().UtcTicks);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }
}
