using System.Diagnostics.CodeAnalysis;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>The indexes of a collection; that of ids is always there. Used under the collection's lock.</summary>
/// <param name="ns">The collection.</param>
internal sealed class CollectionIndexes(string ns)
{
    private readonly List<CollectionIndex> _all = [OfIds()];

    /// <summary>All specifications.</summary>
    public IReadOnlyList<BsonDocument> Specifications => [.. _all.Select(one => one.Definition.Specification)];

    /// <summary>All specifications but that of ids.</summary>
    public IReadOnlyList<BsonDocument> Own => [.. _all.Skip(1).Select(one => one.Definition.Specification)];

    /// <summary>Prepares an index over all documents.</summary>
    /// <returns>False: it is there.</returns>
    /// <exception cref="CommandException">It is in conflict with another one, or two documents have the same key in a unique one.</exception>
    public bool TryCreate(IndexDefinition wanted, IReadOnlyDictionary<long, BsonDocument> documents, [NotNullWhen(true)] out CollectionIndex? index)
    {
        index = null;
        if (_all.Exists(one => IsThere(wanted, one.Definition)))
            return false;
        index = new CollectionIndex(wanted, wanted.Unique);
        foreach (var (number, document) in documents)
        {
            index.Check(document, number, ns);
            index.Add(document, number);
        }

        return true;
    }

    /// <summary>Adds an index that was prepared.</summary>
    public void Add(CollectionIndex index) => _all.Add(index);

    /// <summary>Drops an index by its name, or with "*" all but that of ids.</summary>
    public void Drop(string name)
    {
        if (name == _all[0].Definition.Name)
            throw new CommandException(ErrorCode.BadValue, "cannot drop _id index");
        if (_all.RemoveAll(one => one != _all[0] && (name == "*" || one.Definition.Name == name)) == 0 && name != "*")
            throw new CommandException(ErrorCode.IndexNotFound, $"index not found with name [{name}]");
    }

    /// <summary>Empties all, and drops all but that of ids.</summary>
    public void Clear()
    {
        _all.Clear();
        _all.Add(OfIds());
    }

    /// <summary>Refuses a document that an index cannot have.</summary>
    public void Check(BsonDocument document, long number) => _all.ForEach(one => one.Check(document, number, ns));

    /// <summary>Adds a document that was checked.</summary>
    public void Add(BsonDocument document, long number) => _all.ForEach(one => one.Add(document, number));

    /// <summary>Removes a document.</summary>
    public void Remove(BsonDocument document) => _all.ForEach(one => one.Remove(document));

    /// <summary>Whether an index says which document alone can have a value in a field, and which; null for none.</summary>
    public bool Lookup(BsonElement equality, out long? number)
    {
        var index = _all.Find(one => one.Serves(equality));
        number = index?.Lookup(equality.Value);
        return index is not null;
    }

    /// <summary>Whether a document's time has come.</summary>
    public bool IsExpired(BsonDocument document, DateTimeOffset now) => _all.Exists(one => one.Definition.IsExpired(document, now));

    private static CollectionIndex OfIds() => new(new IndexDefinition(new BsonDocument { { "key", new BsonDocument("_id", 1) }, { "name", "_id_" } }), isUnique: true);

    private static bool IsThere(IndexDefinition wanted, IndexDefinition one)
    {
        if (wanted.Name == one.Name && !wanted.HasSameKeys(one))
            throw new CommandException(ErrorCode.IndexKeySpecsConflict, $"An existing index has the same name as the requested index. Requested index: {wanted.Specification}, existing index: {one.Specification}");
        if (!wanted.HasSameKeys(one))
            return false;
        if (wanted.Name != one.Name)
            throw new CommandException(ErrorCode.IndexOptionsConflict, $"Index already exists with a different name: {one.Name}");
        return wanted.ExpireAfterSeconds == one.ExpireAfterSeconds
            ? true : throw new CommandException(ErrorCode.IndexOptionsConflict, $"An equivalent index already exists with the same name but different options: {one.Specification}");
    }
}
