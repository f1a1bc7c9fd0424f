using System.Buffers.Binary;
using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Json;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Audit;

/// <summary>
/// The audit log on MongoDB: a document for each event, with the event's <c>_id</c>, so that the server refuses a second delivery.
/// "Newest" is what was appended last. Its <c>sequence</c> is the time of the append in ticks of 100 ns, and grows with every append of a
/// process; between processes it is as exact as their clocks. This class only inserts; a separate database user without the permission to
/// update and remove makes the collection append-only.
/// </summary>
internal sealed class MongoAuditLog(IMongoDatabase database, TimeProvider time) : IAuditLog
{
    /// <summary>The collection.</summary>
    public const string Collection = "audit";

    private const int MaxLimit = 200;
    private const int PositionLength = sizeof(long) + 16;

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
        var found = await MongoErrors.TranslateAsync(() => _entries.Find(filter, MongoQueries.PageOptions(query.Limit))
            .Sort(newest).Limit(query.Limit + 1).ToListAsync(cancellationToken));
        var items = found.Take(query.Limit).Select(Entry).ToList();
        return new AuditPage(items, found.Count > query.Limit ? OpaqueCursor.Write(Position(found[query.Limit - 1]), filters) : null);
    }

    /// <summary>The stored form of an event.</summary>
    public static BsonDocument Document(ImageEvent e, long sequence) => new()
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
    public static BsonDocument Document(AccessEvent e, long sequence) => new()
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

    private Task<bool> AppendAsync(Func<long, BsonDocument> document, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
    {
        try
        {
            await _entries.InsertOneAsync(document(NextSequence()), options: null, cancellationToken);
            return true;
        }
        catch (MongoWriteException error) when (MongoErrors.IsDuplicate(error) && error.WriteConcernError is null)
        {
            return false; // from an earlier delivery
        }
    });

    private static FilterDefinition<BsonDocument> Filter(AuditQuery query, byte[]? position)
    {
        var by = Builders<BsonDocument>.Filter;
        var all = new List<FilterDefinition<BsonDocument>> { by.Empty };
        if (query.ImageId is { } image)
            all.Add(by.Eq("imageId", BsonValues.Key(image)));
        else if (query.KeyId is { } key)
            all.Add(by.Eq("keyId", BsonValues.Key(key)));
        if (query.Type is { } type)
            all.Add(by.Eq("type", BsonValues.WellFormed(type)));
        if (query.Actor is { } actor)
            all.Add(by.Eq("actor", BsonValues.WellFormed(actor)));
        if (query.From is { } from)
            all.Add(by.Gte("at", BsonJson.Date(from)));
        if (query.To is { } to)
            all.Add(by.Lt("at", BsonJson.Date(to)));
        if (position is not null)
        {
            if (position.Length != PositionLength)
                throw new InvalidCursorException();
            var sequence = BinaryPrimitives.ReadInt64BigEndian(position);
            var id = BsonValues.Key(new Guid(position.AsSpan(sizeof(long)), bigEndian: true));
            // The first bound starts the index scan; the second excludes equal ones of earlier pages.
            all.Add(by.Lte("sequence", sequence));
            all.Add(by.Or(by.Lt("sequence", sequence), by.Lt("_id", id)));
        }

        return by.And(all);
    }

    private static byte[] Position(BsonDocument last)
    {
        var position = new byte[PositionLength];
        BinaryPrimitives.WriteInt64BigEndian(position, last["sequence"].AsInt64);
        BsonValues.Id(last["_id"]).TryWriteBytes(position.AsSpan(sizeof(long)), bigEndian: true, out _);
        return position;
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
