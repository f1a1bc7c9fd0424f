using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>
/// The rests of results that did not fit in one answer. They were found when the command ran, and do not change. Of more than 1,000 the oldest is
/// closed, and one that was not read for 10 minutes: reading on then fails with CursorNotFound, as on a server after its time limit.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class Cursors(TimeProvider time)
{
    private const int Most = 1_000;
    private const int FirstBatch = 101; // MongoDB's own
    private static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Cursor> _open = [];
    private long _last;

    /// <summary>The first documents of a result, as the answer of the command.</summary>
    /// <param name="ns">The collection.</param>
    /// <param name="documents">The result.</param>
    /// <param name="batchSize">How many are wanted; null for the usual number.</param>
    /// <param name="isSingle">Whether the rest is not wanted.</param>
    public BsonDocument Open(string ns, IEnumerable<BsonDocument> documents, int? batchSize, bool isSingle = false)
    {
        var rest = new Queue<BsonDocument>(documents);
        var batch = Next(rest, batchSize ?? FirstBatch);
        return Answer("firstBatch", batch, rest.Count == 0 || isSingle ? 0 : Keep(new Cursor(ns, rest) { UsedAt = time.GetUtcNow() }), ns);
    }

    /// <summary>The next documents.</summary>
    /// <exception cref="CommandException">There is no such cursor (any more).</exception>
    public BsonDocument More(long id, string ns, int? batchSize)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(id, out var cursor) || cursor.Namespace != ns)
                throw new CommandException(ErrorCode.CursorNotFound, $"cursor id {id} not found");
            cursor.UsedAt = time.GetUtcNow();
            var batch = Next(cursor.Rest, batchSize ?? int.MaxValue);
            if (cursor.Rest.Count == 0)
                _open.Remove(id);
            return Answer("nextBatch", batch, cursor.Rest.Count == 0 ? 0 : id, ns);
        }
    }

    /// <summary>Closes a cursor; false when there is none.</summary>
    public bool Close(long id)
    {
        lock (_lock)
            return _open.Remove(id);
    }

    private long Keep(Cursor cursor)
    {
        lock (_lock)
        {
            foreach (var (id, _) in _open.Where(one => one.Value.UsedAt < cursor.UsedAt - MaxIdle).ToList())
                _open.Remove(id);
            if (_open.Count >= Most)
                _open.Remove(_open.MinBy(one => one.Value.UsedAt).Key);
            _open.Add(++_last, cursor);
            return _last;
        }
    }

    // At least one document, and no more bytes than the largest has.
    private static BsonArray Next(Queue<BsonDocument> rest, int most)
    {
        var (batch, size) = (new BsonArray(), 0);
        while (batch.Count < most && rest.TryPeek(out var next))
        {
            var bytes = next.ToBson();
            if (batch.Count > 0 && size + bytes.Length > DocumentRules.MaxSize)
                break;
            size += bytes.Length;
            batch.Add(new RawBsonDocument(bytes));
            rest.Dequeue();
        }

        return batch;
    }

    private static BsonDocument Answer(string field, BsonArray batch, long id, string ns) =>
        new("cursor", new BsonDocument { { field, batch }, { "id", id }, { "ns", ns } });

    private sealed record Cursor(string Namespace, Queue<BsonDocument> Rest)
    {
        public DateTimeOffset UsedAt { get; set; }
    }
}
