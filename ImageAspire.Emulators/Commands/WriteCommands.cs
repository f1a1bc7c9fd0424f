using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Updates;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>The commands <c>insert</c>, <c>update</c> and <c>delete</c>.</summary>
/// <param name="store">All collections.</param>
/// <param name="statements">Runs their statements.</param>
internal sealed class WriteCommands(DocumentStore store, Statements statements)
{
    private static readonly HashSet<string> UpdateFields = ["q", "u", "multi", "upsert"];
    private static readonly HashSet<string> DeleteFields = ["q", "limit"];

    /// <summary>The commands.</summary>
    public IEnumerable<(string Name, Command Command)> All =>
    [
        ("insert", new Command(Insert, "documents", "ordered")),
        ("update", new Command(Update, "updates", "ordered")),
        ("delete", new Command(Delete, "deletes", "ordered")),
    ];

    private BsonDocument Insert(CommandContext context)
    {
        var collection = store.Open(context.Namespace);
        return statements.Run(context, "documents", (document, done) =>
        {
            var result = new StatementResult(1);
            collection.Insert(document, done(result));
            return result;
        });
    }

    private BsonDocument Update(CommandContext context)
    {
        var collection = store.Open(context.Namespace);
        return statements.Run(context, "updates", (statement, done) => Update(collection, statement, done));
    }

    private static StatementResult Update(Collection collection, BsonDocument statement, Func<StatementResult, RetriedStatement?> done)
    {
        statement.AllowOnly("update.updates", UpdateFields);
        var update = new DocumentUpdate(statement["u"]);
        var selection = new Selection(statement.Document("q"), [], statement.Flag("multi"));
        if (selection.All && update.IsReplacement)
            throw new CommandException(ErrorCode.FailedToParse, "multi update is not supported for replacement-style update");
        if (!statement.Flag("upsert"))
            return Matched(collection.Modify(selection, document => update.Apply(document), Done));
        var (modified, inserted) = Upsert.Run(collection, selection, update, Done, document => done(Inserted(document)));
        return inserted is null ? Matched(modified) : Inserted(inserted);

        RetriedStatement? Done(Modification modification) => done(Matched([modification]));
    }

    private BsonDocument Delete(CommandContext context)
    {
        var collection = store.Open(context.Namespace);
        return statements.Run(context, "deletes", (statement, done) =>
        {
            statement.AllowOnly("delete.deletes", DeleteFields);
            var selection = new Selection(statement.Document("q"), [], All: statement.Number("limit", 0) == 0);
            return new StatementResult(collection.Modify(selection, _ => null, _ => done(new StatementResult(1))).Count);
        });
    }

    private static StatementResult Matched(List<Modification> modified) => new(modified.Count, modified.Count(one => one.IsModified));

    private static StatementResult Inserted(BsonDocument document) => new(1, 0, document["_id"]);
}
