using ImageAspire.Emulators.Aggregation;
using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>The commands <c>find</c>, <c>aggregate</c>, <c>getMore</c> and <c>killCursors</c>.</summary>
/// <param name="store">All collections.</param>
/// <param name="cursors">The rests of results.</param>
/// <param name="time">The clock of time limits.</param>
internal sealed class ReadCommands(DocumentStore store, Cursors cursors, TimeProvider time)
{
    /// <summary>The commands.</summary>
    public IEnumerable<(string Name, Command Command)> All =>
    [
        ("find", new Command(Find, "filter", "sort", "projection", "limit", "batchSize", "singleBatch", "allowDiskUse")),
        ("aggregate", new Command(Aggregate, "pipeline", "cursor", "allowDiskUse")),
        ("getMore", new Command(GetMore, "collection", "batchSize")),
        ("killCursors", new Command(KillCursors, "cursors")),
    ];

    private BsonDocument Find(CommandContext context)
    {
        var body = context.Body;
        var (sort, limit) = (body.Document("sort"), body.Number("limit", 0) is > 0 and var most ? most : int.MaxValue);
        var project = Projection.Of(body.Document("projection"));
        return Open(context, () =>
        {
            var found = store.Open(context.Namespace).Find(body.Document("filter"), sort.ElementCount == 0 ? limit : int.MaxValue);
            return DocumentSort.By(sort, found).Take(limit).Select(project);
        }, BatchSize(body));
    }

    private BsonDocument Aggregate(CommandContext context)
    {
        if (!context.Body["aggregate"].IsString)
            throw CommandException.NotImplemented("aggregations without a collection");
        var stages = context.Body.Array("pipeline");
        // What is matched first is looked up, not scanned.
        var first = stages.FirstOrDefault() is BsonDocument { ElementCount: 1 } stage && stage.GetElement(0) is { Name: "$match", Value: BsonDocument filter } ? filter : [];
        return Open(context, () => Pipeline.Run(store.Open(context.Namespace).Find(first), stages), BatchSize(context.Body.Document("cursor")));
    }

    private BsonDocument GetMore(CommandContext context) =>
        cursors.More(context.Body["getMore"].ToInt64(), $"{context.Database}.{context.Body.Text("collection")}", BatchSize(context.Body));

    private BsonDocument KillCursors(CommandContext context)
    {
        var closed = context.Body.Array("cursors").ToLookup(id => cursors.Close(id.ToInt64()));
        return new BsonDocument
        {
            { "cursorsKilled", new BsonArray(closed[true]) }, { "cursorsNotFound", new BsonArray(closed[false]) },
            { "cursorsAlive", new BsonArray() }, { "cursorsUnknown", new BsonArray() },
        };
    }

    // The time limit is looked at when the result is there: nothing here waits for others.
    private BsonDocument Open(CommandContext context, Func<IEnumerable<BsonDocument>> run, int? batchSize)
    {
        var (started, most) = (time.GetTimestamp(), context.Body.Number("maxTimeMS", 0));
        var result = run().ToList();
        if (most > 0 && time.GetElapsedTime(started) > TimeSpan.FromMilliseconds(most))
            throw new CommandException(ErrorCode.MaxTimeMSExpired, "operation exceeded time limit");
        return cursors.Open(context.Namespace, result, batchSize, context.Body.Flag("singleBatch"));
    }

    private static int? BatchSize(BsonDocument body) => body.TryGetValue("batchSize", out var size) ? Numbers.Whole(size, "batchSize") : null;
}
