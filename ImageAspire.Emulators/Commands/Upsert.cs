using ImageAspire.Emulators.Filters;
using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Updates;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>Updates that insert a document when they find none.</summary>
internal static class Upsert
{
    /// <summary>
    /// Modifies documents; without one to modify it inserts one. Finding and inserting are two steps, as in MongoDB: of two upserts at the same
    /// moment a unique index refuses one. When the filter asks for nothing but the key that is taken, the other's document is modified instead.
    /// </summary>
    /// <param name="collection">The collection.</param>
    /// <param name="selection">What is found.</param>
    /// <param name="update">What is made of it.</param>
    /// <param name="done">The statement of a modification.</param>
    /// <param name="inserted">The statement of an insertion.</param>
    /// <returns>The modifications; when there are none, the document that was inserted.</returns>
    public static (List<Modification> Modified, BsonDocument? Inserted) Run(Collection collection, Selection selection, DocumentUpdate update,
        Func<Modification, RetriedStatement?> done, Func<BsonDocument, RetriedStatement?> inserted)
    {
        while (true)
        {
            var modified = collection.Modify(selection, document => update.Apply(document), done);
            if (modified.Count > 0)
                return (modified, null);
            var fresh = update.Insertion(selection.Filter);
            if (!fresh.Contains("_id"))
                fresh.InsertAt(0, new BsonElement("_id", ObjectId.GenerateNewId()));
            try
            {
                collection.Insert(fresh, inserted(fresh));
                return ([], fresh);
            }
            catch (CommandException error) when (error.Code == ErrorCode.DuplicateKey && AsksForOnly(selection.Filter, error.Details["keyPattern"].AsBsonDocument))
            {
                // Another one came first: it is found now.
            }
        }
    }

    private static bool AsksForOnly(BsonDocument filter, BsonDocument key) =>
        filter.Names.SequenceEqual(key.Names) && FilterEqualities.Of(filter).Select(one => one.Name).SequenceEqual(key.Names);
}
