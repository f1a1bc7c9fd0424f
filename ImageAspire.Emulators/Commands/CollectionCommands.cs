using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>The commands that list, make and drop indexes, collections and databases.</summary>
/// <param name="store">All collections.</param>
/// <param name="cursors">For lists.</param>
internal sealed class CollectionCommands(DocumentStore store, Cursors cursors)
{
    /// <summary>The commands.</summary>
    public IEnumerable<(string Name, Command Command)> All =>
    [
        ("createIndexes", new Command(CreateIndexes, "indexes")),
        ("listIndexes", new Command(ListIndexes, "cursor")),
        ("dropIndexes", new Command(DropIndexes, "index")),
        ("listCollections", new Command(ListCollections, "cursor", "nameOnly", "authorizedCollections")),
        ("drop", new Command(Drop)),
        ("dropDatabase", new Command(DropDatabase)),
    ];

    private BsonDocument CreateIndexes(CommandContext context)
    {
        var collection = store.Open(context.Namespace);
        var before = collection.Indexes.Count;
        foreach (var specification in context.Body.Array("indexes"))
            collection.CreateIndex(new IndexDefinition(specification.AsBsonDocument));
        return new BsonDocument { { "numIndexesBefore", before }, { "numIndexesAfter", collection.Indexes.Count }, { "createdCollectionAutomatically", false } };
    }

    private BsonDocument ListIndexes(CommandContext context) => cursors.Open(context.Namespace, Existing(context).Indexes, batchSize: null);

    private BsonDocument DropIndexes(CommandContext context)
    {
        var collection = Existing(context);
        var before = collection.Indexes.Count;
        collection.DropIndexes(context.Body.Text("index"));
        return new BsonDocument("nIndexesWas", before);
    }

    private BsonDocument ListCollections(CommandContext context) => cursors.Open($"{context.Database}.$cmd.listCollections",
        store.Existing(context.Database).Select(one => new BsonDocument
        {
            { "name", one.Namespace[(context.Database.Length + 1)..] }, { "type", "collection" }, { "options", new BsonDocument() },
        }), batchSize: null);

    private BsonDocument Drop(CommandContext context)
    {
        store.Open(context.Namespace).Drop();
        return [];
    }

    private BsonDocument DropDatabase(CommandContext context)
    {
        foreach (var collection in store.Existing(context.Database))
            collection.Drop();
        return new BsonDocument("dropped", context.Database);
    }

    private Collection Existing(CommandContext context) => store.Open(context.Namespace) is { Exists: true } collection
        ? collection : throw new CommandException(ErrorCode.NamespaceNotFound, $"ns does not exist: {context.Namespace}");
}
