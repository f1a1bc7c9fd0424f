using ImageAspire.Emulators.Storage;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>What the server says of itself, and the commands that do nothing.</summary>
/// <param name="address">Host and port.</param>
/// <param name="replicaSet">The replica set of which it is the only member; null: it stands alone.</param>
/// <param name="time">The clock.</param>
internal sealed class ServerCommands(string address, string? replicaSet, TimeProvider time)
{
    /// <summary>Largest message, in bytes.</summary>
    public const int MaxMessageSize = 48_000_000;

    private const string Name = "stand-in for MongoDB (ImageAspire.Emulators), not MongoDB";

    /// <summary>The commands.</summary>
    public IEnumerable<(string Name, Command Command)> All =>
    [
        .. ((string[])["hello", "isMaster", "ismaster"]).Select(name => (name, new Command(Hello) { TakesAnything = true })),
        ("buildInfo", new Command(BuildInfo)),
        ("ping", new Command(Nothing)),
        ("endSessions", new Command(Nothing)),
    ];

    // Wire version 21 is that of MongoDB 7.0.
    private BsonDocument Hello(CommandContext context)
    {
        var answer = new BsonDocument
        {
            { "helloOk", true }, { "isWritablePrimary", true }, { "ismaster", true }, { "standIn", Name },
            { "maxBsonObjectSize", DocumentRules.MaxSize }, { "maxMessageSizeBytes", MaxMessageSize }, { "maxWriteBatchSize", Statements.Most },
            { "localTime", new BsonDateTime(time.GetUtcNow().ToUnixTimeMilliseconds()) }, { "logicalSessionTimeoutMinutes", 30 },
            { "connectionId", context.Connection }, { "minWireVersion", 0 }, { "maxWireVersion", 21 }, { "readOnly", false },
        };
        return replicaSet is null ? answer : answer.AddRange(new BsonDocument
        {
            { "setName", replicaSet }, { "setVersion", 1 }, { "secondary", false }, { "hosts", new BsonArray { address } }, { "primary", address }, { "me", address },
            { "electionId", new ObjectId("7fffffff0000000000000001") },
        });
    }

    private static BsonDocument BuildInfo(CommandContext context) => new()
    {
        { "version", "7.0.0-stand-in" }, { "versionArray", new BsonArray { 7, 0, 0, 0 } }, { "standIn", Name }, { "modules", new BsonArray() },
        { "maxBsonObjectSize", DocumentRules.MaxSize },
    };

    private static BsonDocument Nothing(CommandContext context) => [];
}
