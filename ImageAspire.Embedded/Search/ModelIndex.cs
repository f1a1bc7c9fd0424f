using ImageAspire.Core.Vectors;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Search;

/// <summary>A vector of an image, compared.</summary>
/// <param name="Image">Rowid of the image.</param>
/// <param name="Score">The cosine.</param>
internal readonly record struct Candidate(long Image, double Score);

/// <summary>
/// Finds the nearest vectors of one model: bits in memory choose some hundreds, whose stored numbers decide. The bits are kept current by
/// reading what was added after the last sequence number, in whatever process; vectors that are gone are noticed when they are read.
/// </summary>
/// <param name="model">Id of the model.</param>
/// <param name="length">Numbers of a vector.</param>
internal sealed class ModelIndex(long model, int length)
{
    private const int Batch = 5_000;

    // Vectors that are gone take memory, and places among the candidates.
    private const int Slack = 1_000;
    private readonly Lock _lock = new();
    private BitIndex _bits = new(length);

    /// <summary>Candidates, one for each image with its best vector, best first and of equal ones the newest first.</summary>
    /// <param name="session">A connection.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="wanted">How many vectors to compare exactly.</param>
    /// <param name="minScore">The least score.</param>
    /// <param name="allowed">The only images to look at; null for all.</param>
    public List<Candidate> Find(SqliteSession session, EmbeddingVector vector, int wanted, double minScore, HashSet<long>? allowed)
    {
        List<long> nearest;
        lock (_lock)
        {
            Refresh(session);
            nearest = _bits.Nearest(vector.Pack(), wanted, allowed);
        }

        // One statement, in the order in which they lie.
        nearest.Sort();
        var best = new Dictionary<long, double>();
        using var rows = session.Prepare("SELECT v.image, v.numbers FROM json_each(@2) j CROSS JOIN vectors v ON v.model=@1 AND v.sequence=j.value",
            model, "[" + string.Join(',', nearest) + "]").ExecuteReader();
        while (rows.Read())
        {
            var (image, numbers) = (rows.GetInt64(0), rows.GetFieldValue<byte[]>(1));
            if (numbers.Length == length && vector.Similarity(numbers) is var score && score >= minScore && score > best.GetValueOrDefault(image, double.MinValue))
                best[image] = score;
        }

        return [.. best.Select(one => new Candidate(one.Key, one.Value)).OrderByDescending(one => one.Score).ThenByDescending(one => one.Image)];
    }

    private void Refresh(SqliteSession session)
    {
        var stored = Convert.ToInt64(session.Scalar("SELECT count FROM vector_models WHERE id=@1", model), System.Globalization.CultureInfo.InvariantCulture);
        if (_bits.Count > stored + stored / 4 + Slack)
            _bits = new BitIndex(length);
        while (Read(session) == Batch)
        {
            // There may be more.
        }
    }

    private int Read(SqliteSession session)
    {
        using var rows = session.Prepare("SELECT sequence, image, numbers FROM vectors WHERE model=@1 AND sequence>@2 ORDER BY sequence LIMIT @3", model, _bits.Last, Batch).ExecuteReader();
        var count = 0;
        for (; rows.Read(); count++)
            _bits.Add(rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2));
        return count;
    }
}
