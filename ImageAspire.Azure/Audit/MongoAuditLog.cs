using System.Buffers.Binary;
using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Access;
using ImageAspire.Core.Auditing;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Audit;

/// <summary>
/// The audit log on MongoDB: a document for each event, with the event's <c>_id</c>, so that the server refuses a second delivery.
/// "Newest" is what was appended last. Its <c>sequence</c> is the time of the append in ticks of 100 ns, and grows with every append of a
/// process; between processes it is as exact as their clocks. Its <c>number</c> in the hash chain has no gaps (<see cref="AuditDocument"/>).
/// This class only inserts; a separate database user without the permission to update and remove makes the collection append-only.
/// </summary>
internal sealed class MongoAuditLog(IMongoDatabase database, TimeProvider time) : IAuditLog, IDisposable
{
    /// <summary>The collection.</summary>
    public const string Collection = "audit";

    private const int MaxLimit = 200;
    private const int VerifiedAtOnce = 500;
    private const int MaxAttempts = 100;
    private const int PositionLength = sizeof(long) + 16;

    private static readonly BsonDocument EndOfChain = new() { { AuditDocument.Number, 1 }, { AuditDocument.Hash, 1 } };

    private readonly IMongoCollection<BsonDocument> _entries = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true)).WithReadPreference(ReadPreference.Primary);

    private readonly SemaphoreSlim _appending = new(1, 1);
    private long _last; // while _appending is held

    /// <inheritdoc />
    public Task AppendAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(e);
        return AppendAsync(sequence => AuditDocument.Of(e, sequence), cancellationToken);
    }

    /// <inheritdoc />
    public Task AppendAsync(AccessEvent e, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(e);
        return AppendAsync(sequence => AuditDocument.Of(e, sequence), cancellationToken);
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
        var items = found.Take(query.Limit).Select(AuditDocument.Entry).ToList();
        return new AuditPage(items, found.Count > query.Limit ? OpaqueCursor.Write(Position(found[query.Limit - 1]), filters) : null);
    }

    /// <inheritdoc />
    public async Task<AuditHead> GetHeadAsync(CancellationToken cancellationToken) => AuditDocument.Head(await LastAsync(cancellationToken));

    /// <inheritdoc />
    public async Task<AuditVerification> VerifyAsync(AuditHead? earlier, CancellationToken cancellationToken)
    {
        var by = Builders<BsonDocument>.Filter;
        var (chain, after) = (new AuditChainCheck(earlier), long.MinValue);
        var end = (await GetHeadAsync(cancellationToken)).Number;
        while (await PageAsync(after) is { Count: > 0 } page)
        {
            page.ForEach(one => AuditDocument.Check(one, chain));
            after = AuditDocument.NumberOf(page[^1]);
        }

        return chain.Complete(await MongoErrors.TranslateAsync(() =>
            _entries.CountDocumentsAsync(by.Not(by.Type(AuditDocument.Number, "number")), options: null, cancellationToken)));

        Task<List<BsonDocument>> PageAsync(long from) => MongoErrors.TranslateAsync(() => _entries
            .Find(by.And(by.Gt(AuditDocument.Number, from), by.Lte(AuditDocument.Number, end)), MongoQueries.PageOptions(VerifiedAtOnce))
            .Sort(Builders<BsonDocument>.Sort.Ascending(AuditDocument.Number)).Limit(VerifiedAtOnce).ToListAsync(cancellationToken));
    }

    /// <inheritdoc />
    public void Dispose() => _appending.Dispose();

    // Other processes append, too. Who finds the number taken links the entry to the new end: of those that try together, one succeeds.
    private async Task AppendAsync(Func<long, BsonDocument> of, CancellationToken cancellationToken)
    {
        await _appending.WaitAsync(cancellationToken);
        try
        {
            var entry = of(_last = Math.Max(_last + 1, time.GetUtcNow().UtcTicks));
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                AuditDocument.Link(entry, await LastAsync(cancellationToken));
                if (await TryInsertAsync(entry, cancellationToken) || await ExistsAsync(entry["_id"], cancellationToken))
                    return; // now, or by an earlier delivery
            }
        }
        finally
        {
            _appending.Release();
        }

        throw new StoreUnavailableException($"The audit log could not be appended to: {MaxAttempts} times another process was faster. It is tried again.")
            { Dependency = DependencyNames.Documents, Problem = StoreProblem.Busy, Cause = FaultCauses.Conflict, NothingWritten = true };
    }

    private Task<bool> TryInsertAsync(BsonDocument entry, CancellationToken cancellationToken) =>
        MongoErrors.TranslateAsync(() => _entries.TryInsertAsync(entry, cancellationToken));

    private Task<bool> ExistsAsync(BsonValue id, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(() =>
        _entries.Find(new BsonDocument("_id", id)).AnyAsync(cancellationToken));

    private async Task<BsonDocument?> LastAsync(CancellationToken cancellationToken) => await MongoErrors.TranslateAsync(() => _entries
        .Find(Builders<BsonDocument>.Filter.Gt(AuditDocument.Number, 0L), MongoQueries.PageOptions(1))
        .Sort(Builders<BsonDocument>.Sort.Descending(AuditDocument.Number)).Limit(1).Project<BsonDocument>(EndOfChain).FirstOrDefaultAsync(cancellationToken));

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
}
