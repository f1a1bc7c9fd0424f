using ImageAspire.Emulators.Filters;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Updates;

/// <summary>What an update makes of a document: a replacement, or operators on its fields.</summary>
internal sealed class DocumentUpdate
{
    private const string Id = "_id";
    private readonly BsonDocument? _replacement;
    private readonly IReadOnlyList<FieldUpdate> _changes;

    /// <summary>Reads an update.</summary>
    /// <exception cref="CommandException">It has something that the stand-in does not know.</exception>
    public DocumentUpdate(BsonValue update)
    {
        if (update is not BsonDocument document)
            throw CommandException.NotImplemented("updates that are pipelines");
        _replacement = Filter.IsOperators(document) ? null : document;
        _changes = _replacement is null ? FieldUpdates.Of(document) : [];
    }

    /// <summary>Whether it replaces the whole document.</summary>
    public bool IsReplacement => _replacement is not null;

    /// <summary>The document after it; the one before is not changed.</summary>
    public BsonDocument Apply(BsonDocument before, bool inserting = false)
    {
        var after = _replacement is null ? Changed(before, inserting) : Replaced(before, _replacement);
        if (before.TryGetValue(Id, out var id) && !(after.TryGetValue(Id, out var idAfter) && ValueOrder.Instance.Equals(id, idAfter)))
            throw new CommandException(ErrorCode.ImmutableField, "After applying the update, the (immutable) field '_id' was found to have been altered.");
        return after;
    }

    /// <summary>The document of an upsert that found none: what its filter compares for equality, and this update.</summary>
    public BsonDocument Insertion(BsonDocument filter)
    {
        var fresh = new BsonDocument();
        foreach (var (name, value) in FilterEqualities.Of(filter).Select(one => (one.Name, one.Value)).Where(one => !IsReplacement || one.Name == Id))
            UpdatePath.Set(fresh, new FieldPath(name), value.DeepClone());
        return Apply(fresh, inserting: true);
    }

    private BsonDocument Changed(BsonDocument before, bool inserting)
    {
        var after = before.DeepClone().AsBsonDocument;
        foreach (var change in _changes.Where(change => inserting || change.Operator != "$setOnInsert"))
            change.Apply(after);
        return after;
    }

    private static BsonDocument Replaced(BsonDocument before, BsonDocument by)
    {
        var after = new BsonDocument();
        if (by.TryGetValue(Id, out var id) || before.TryGetValue(Id, out id))
            after.Add(Id, id);
        return after.AddRange(by.Where(element => element.Name != Id));
    }
}
