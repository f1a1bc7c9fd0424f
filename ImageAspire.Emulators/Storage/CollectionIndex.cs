using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>An index of a collection. Only a unique one keeps its keys; the others are there for what they refuse and for their names.</summary>
/// <param name="definition">What it is over.</param>
/// <param name="isUnique">Whether no two documents have the same key; that of ids does not say so in its definition.</param>
internal sealed class CollectionIndex(IndexDefinition definition, bool isUnique)
{
    private readonly Dictionary<BsonValue, long> _taken = new(ValueOrder.Instance);

    /// <summary>What it is over.</summary>
    public IndexDefinition Definition => definition;

    /// <summary>Refuses a document that this index cannot have.</summary>
    /// <param name="document">The document.</param>
    /// <param name="number">Its own number: its own keys are free to it.</param>
    /// <param name="ns">The collection, for the message.</param>
    /// <exception cref="CommandException">Another document has one of its keys, or it has no keys.</exception>
    public void Check(BsonDocument document, long number, string ns)
    {
        foreach (var key in definition.KeysOf(document))
        {
            if (isUnique && _taken.TryGetValue(key, out var other) && other != number)
                throw Duplicate(key, ns);
        }
    }

    /// <summary>Adds a document that was checked.</summary>
    public void Add(BsonDocument document, long number)
    {
        if (!isUnique)
            return;
        foreach (var key in definition.KeysOf(document))
            _taken[key] = number;
    }

    /// <summary>Removes a document.</summary>
    public void Remove(BsonDocument document)
    {
        if (!isUnique)
            return;
        foreach (var key in definition.KeysOf(document))
            _taken.Remove(key);
    }

    /// <summary>Whether the index finds all documents with a value in a field: it is unique and has that field alone.</summary>
    public bool Serves(BsonElement equality) => isUnique && definition.Key.ElementCount == 1 && definition.Key.GetElement(0).Name == equality.Name
        && equality.Value is not (BsonNull or BsonArray or BsonUndefined);

    /// <summary>The number of the document with a value; null for none.</summary>
    public long? Lookup(BsonValue value) => _taken.TryGetValue(new BsonArray { value }, out var number) ? number : null;

    private CommandException Duplicate(BsonArray key, string ns)
    {
        var values = new BsonDocument(definition.Key.Names.Zip(key, (name, value) => new BsonElement(name, value.IsBsonUndefined ? BsonNull.Value : value)));
        var text = string.Join(", ", values.Select(one => $"{one.Name}: {one.Value.ToJson()}"));
        return new CommandException(ErrorCode.DuplicateKey, $"E11000 duplicate key error collection: {ns} index: {definition.Name} dup key: {{ {text} }}",
            new BsonDocument { { "keyPattern", definition.Key }, { "keyValue", values } });
    }
}
