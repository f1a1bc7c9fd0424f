using ImageAspire.Emulators.Aggregation;
using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Updates;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>The command <c>findAndModify</c>: changes or removes one document, and answers with it as it was or is.</summary>
/// <param name="store">All collections.</param>
/// <param name="retried">The statements that were done.</param>
internal sealed class FindAndModifyCommand(DocumentStore store, RetriedWrites retried)
{
    /// <summary>The command.</summary>
    public IEnumerable<(string Name, Command Command)> All => [("findAndModify", new Command(Run, "query", "sort", "update", "remove", "new", "upsert", "fields"))];

    private BsonDocument Run(CommandContext context)
    {
        if (context.Retry is { } retry && retried.Find(retry, 0) is { } before)
            return new BsonDocument(before).Add("retriedStmtIds", new BsonArray { 0 });
        var collection = store.Open(context.Namespace);
        var selection = new Selection(context.Body.Document("query"), context.Body.Document("sort"), All: false);
        return context.Body.Flag("remove") ? Remove(collection, selection, context) : Update(collection, selection, context);
    }

    private static BsonDocument Remove(Collection collection, Selection selection, CommandContext context)
    {
        if (context.Body.Contains("update") || context.Body.Flag("new") || context.Body.Flag("upsert"))
            throw new CommandException(ErrorCode.FailedToParse, "Cannot specify both an update, new or upsert, and remove=true");
        var removed = collection.Modify(selection, _ => null, one => context.Retry?.Done(0, Removed(one))).SingleOrDefault();
        return removed is null ? Answer(context, null, new BsonDocument("n", 0)) : Removed(removed);

        BsonDocument Removed(Modification one) => Answer(context, one.Before, new BsonDocument("n", 1));
    }

    private static BsonDocument Update(Collection collection, Selection selection, CommandContext context)
    {
        var update = new DocumentUpdate(context.Body.GetValue("update", BsonNull.Value));
        var isNew = context.Body.Flag("new");
        if (!context.Body.Flag("upsert"))
        {
            var updated = collection.Modify(selection, document => update.Apply(document), Done).SingleOrDefault();
            return updated is null ? Answer(context, null, new BsonDocument { { "n", 0 }, { "updatedExisting", false } }) : Updated(updated);
        }

        var (modified, inserted) = Upsert.Run(collection, selection, update, Done, document => context.Retry?.Done(0, Inserted(document)));
        return inserted is null ? Updated(modified[0]) : Inserted(inserted);

        RetriedStatement? Done(Modification one) => context.Retry?.Done(0, Updated(one));

        BsonDocument Updated(Modification one) => Answer(context, isNew ? one.After : one.Before, new BsonDocument { { "n", 1 }, { "updatedExisting", true } });

        BsonDocument Inserted(BsonDocument document) =>
            Answer(context, isNew ? document : null, new BsonDocument { { "n", 1 }, { "updatedExisting", false }, { "upserted", document["_id"] } });
    }

    private static BsonDocument Answer(CommandContext context, BsonDocument? document, BsonDocument last) => new()
    {
        { "lastErrorObject", last },
        { "value", document is null ? BsonNull.Value : Projection.Of(context.Body.Document("fields"))(document) },
    };
}
