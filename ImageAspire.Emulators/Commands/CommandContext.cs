using ImageAspire.Emulators.Faults;
using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>A command as it came.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Body">Name and arguments.</param>
/// <param name="Connection">The number of its connection.</param>
internal sealed record CommandContext(string Name, BsonDocument Body, int Connection)
{
    /// <summary>What is to go wrong with it.</summary>
    public MongoFault? Fault { get; init; }

    /// <summary>How its repetition is recognised; null for a command that is not repeated.</summary>
    public RetryKey? Retry { get; } = Body.TryGetValue("txnNumber", out var number) ? new RetryKey(Body.Document("lsid")["id"], number.ToInt64()) : null;

    /// <summary>The database.</summary>
    public string Database => Body.Text("$db");

    /// <summary>Database and collection, with a dot in between.</summary>
    /// <exception cref="CommandException">The collection is missing or has no valid name.</exception>
    public string Namespace => Body.Text(Name) is { Length: > 0 } collection && !collection.Contains('$', StringComparison.Ordinal)
        ? $"{Database}.{collection}" : throw new CommandException(ErrorCode.InvalidNamespace, $"Invalid namespace specified '{Database}.{Body.Text(Name)}'");
}
