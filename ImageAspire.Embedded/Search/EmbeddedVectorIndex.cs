using System.Collections.Concurrent;
using System.Globalization;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Search;

/// <summary>Finds images by their vectors in the catalog's database. Nothing is in memory before the first search of a model.</summary>
internal sealed class EmbeddedVectorIndex(SqliteDatabase database) : IVectorIndex
{
    // Compared exactly, of all images; docs/benchmarks.md has what is missed.
    private const int Candidates = 1_500;

    // With filters that let few images through only those are looked at; otherwise this many candidates are tested, in parts.
    private const int FilteredCandidates = 6_000;
    private const int Part = 250;
    private readonly ConcurrentDictionary<long, ModelIndex> _models = new();

    public Task<IReadOnlyList<ImageVector>> GetAsync(Guid image, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ImageVector>>(session =>
        [.. session.Query("SELECT m.kind, m.name, v.numbers FROM images i JOIN vectors v ON v.image=i.rowid JOIN vector_models m ON m.id=v.model WHERE i.id=@1 ORDER BY v.model, v.sequence",
            row => (Kind: (VectorKind)row.GetInt32(0), Vector: EmbeddingVector.Unpack(row.GetString(1), row.GetFieldValue<byte[]>(2))), RecordKeys.Id(image))
            .Where(one => one.Vector is not null).Select(one => new ImageVector(one.Kind, one.Vector!))], cancellationToken);

    public Task<IReadOnlyList<ScoredImage>> FindAsync(VectorQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, VectorQuery.MaxLimit, nameof(query));
        return database.ReadAsync<IReadOnlyList<ScoredImage>>(session => Find(session, query, cancellationToken), cancellationToken);
    }

    private List<ScoredImage> Find(SqliteSession session, VectorQuery query, CancellationToken cancellationToken)
    {
        if (session.Scalar("SELECT id FROM vector_models WHERE kind=@1 AND name=@2 AND length=@3",
            (int)query.Kind, query.Vector.Model, query.Vector.Values.Length) is not long model)
        {
            return [];
        }

        var filter = new CandidateFilter(session, query.Filter);
        if (filter.LetsNothingThrough)
            return [];
        var index = _models.GetOrAdd(model, id => new ModelIndex(id, query.Vector.Values.Length));
        IEnumerable<Candidate> candidates = index.Find(session, query.Vector, filter.IsWide ? FilteredCandidates : Candidates, query.MinScore, filter.Allowed);
        if (query.After is { } after)
        {
            var key = RowidOf(session, after.Id);
            candidates = candidates.Where(one => one.Score < after.Score || one.Score == after.Score && one.Image < key);
        }

        var found = new List<ScoredImage>();
        foreach (var part in candidates.Chunk(Part))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var passing = filter.Passing(part.Select(one => one.Image));
            foreach (var one in part.Where(one => passing.Contains(one.Image)))
            {
                if (Record(session, one.Image) is { } record)
                    found.Add(new ScoredImage(record, one.Score));
                if (found.Count == query.Limit)
                    return found;
            }
        }

        return found;
    }

    private static ImageRecord? Record(SqliteSession session, long rowid)
    {
        using var row = session.Prepare("SELECT doc FROM images WHERE rowid=@1", rowid).ExecuteReader();
        return row.Read() ? CatalogWriter.ReadDocument(row, 0) : null;
    }

    // Of a deleted image the rowid that it had, but for uploads of one millisecond that share 16 bits.
    private static long RowidOf(SqliteSession session, Guid id) =>
        session.Scalar("SELECT rowid FROM images WHERE id=@1", RecordKeys.Id(id)) is { } rowid
            ? Convert.ToInt64(rowid, CultureInfo.InvariantCulture) : RecordKeys.PreferredRowid(id);
}
