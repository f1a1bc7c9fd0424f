using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>What an index is over, and its options.</summary>
internal sealed class IndexDefinition
{
    private static readonly HashSet<string> Known = ["v", "key", "name", "unique", "sparse", "expireAfterSeconds", "background"];

    private readonly FieldPath[] _paths;

    /// <summary>Reads a specification.</summary>
    /// <exception cref="CommandException">It has something that the stand-in does not know.</exception>
    public IndexDefinition(BsonDocument specification)
    {
        specification.AllowOnly("createIndexes.indexes", Known);
        (Name, Key) = (specification.Text("name"), specification.Document("key"));
        if (Key.ElementCount == 0 || Key.Values.Any(value => !Numbers.IsNumber(value) || value.ToDouble() == 0))
            throw CommandException.NotImplemented($"indexes over {Key}; it has those over fields upwards and downwards");
        (Unique, Sparse) = (specification.Flag("unique"), specification.Flag("sparse"));
        ExpireAfterSeconds = specification.TryGetValue("expireAfterSeconds", out var seconds) ? Numbers.Whole(seconds, "expireAfterSeconds") : null;
        if (ExpireAfterSeconds is not null && Key.ElementCount > 1)
            throw new CommandException(ErrorCode.CannotCreateIndex, "TTL indexes are single-field indexes, compound indexes do not support TTL.");
        _paths = [.. Key.Names.Select(name => new FieldPath(name))];
        Specification = specification.Contains("v") ? specification : new BsonDocument("v", 2).AddRange(specification);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its fields, each with 1 (upwards) or -1.</summary>
    public BsonDocument Key { get; }

    /// <summary>Whether no two documents have the same key.</summary>
    public bool Unique { get; }

    /// <summary>Whether documents without any of the fields have no key.</summary>
    public bool Sparse { get; }

    /// <summary>How long after the time in its field a document is removed; null: never.</summary>
    public int? ExpireAfterSeconds { get; }

    /// <summary>As it is listed.</summary>
    public BsonDocument Specification { get; }

    /// <summary>Whether two indexes can only be the same one.</summary>
    public bool HasSameKeys(IndexDefinition other) => ValueOrder.Instance.Equals(Key, other.Key) && (Unique, Sparse) == (other.Unique, other.Sparse);

    /// <summary>The keys of a document: for an array one for each different element.</summary>
    /// <exception cref="CommandException">Two of the fields are arrays.</exception>
    public IEnumerable<BsonArray> KeysOf(BsonDocument document)
    {
        CheckArrays(document);
        var fields = _paths.Select(path => path.ValuesIn(document).ToList()).ToList();
        if (Sparse && fields.TrueForAll(values => values.TrueForAll(value => value is null)))
            return [];
        IEnumerable<BsonArray> keys = [[]];
        foreach (var values in fields.Select(values => values.Count == 0 ? [BsonUndefined.Value] : values.SelectMany(IndexValues.Of).ToList()))
            keys = keys.SelectMany(key => values.Select(value => new BsonArray(key) { value }));
        return keys.Distinct<BsonArray>(ValueOrder.Instance);
    }

    /// <summary>Whether a document's time has come; of an array's times the earliest counts.</summary>
    public bool IsExpired(BsonDocument document, DateTimeOffset now) => ExpireAfterSeconds is { } seconds && _paths[0].ValuesIn(document).SelectMany(IndexValues.Of)
        .OfType<BsonDateTime>().Any(time => time.MillisecondsSinceEpoch <= now.ToUnixTimeMilliseconds() - seconds * 1000L);

    private void CheckArrays(BsonDocument document)
    {
        if (_paths.Length == 1)
            return;
        var arrays = _paths.Select(path => ArrayOf(path, document)).OfType<string>().ToList();
        if (arrays.Distinct().Count() > 1)
            throw new CommandException(ErrorCode.CannotIndexParallelArrays, $"cannot index parallel arrays [{string.Join("] [", arrays)}]");
        if (Unique && arrays.Count > 1)
            throw CommandException.NotImplemented("unique indexes over several fields of the documents in an array");
    }

    // The first array on the way; null for none.
    private static string? ArrayOf(FieldPath path, BsonDocument document)
    {
        BsonValue at = document;
        for (var step = 0; step < path.Steps.Count && at is BsonDocument fields && fields.TryGetValue(path.Steps[step], out var next); step++)
        {
            if (next is BsonArray)
                return string.Join('.', path.Steps.Take(step + 1));
            at = next;
        }

        return null;
    }
}
