using ImageAspire.Emulators.Faults;
using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>Runs commands, one of a session after the other, with the faults of a test; a write is answered when it is as durable as it asks.</summary>
/// <param name="commands">All commands, by name.</param>
/// <param name="retried">The writes that are not done twice; null on a standalone server, which has none.</param>
/// <param name="journal">Null: nothing is kept.</param>
/// <param name="faults">What goes wrong.</param>
internal sealed class CommandRouter(IReadOnlyDictionary<string, Command> commands, RetriedWrites? retried, Journal? journal, MongoFaults faults)
{
    // What drivers add to every command.
    private static readonly HashSet<string> General =
        ["$db", "lsid", "txnNumber", "$clusterTime", "$readPreference", "readConcern", "writeConcern", "maxTimeMS", "comment", "apiVersion", "startTransaction", "autocommit"];

    private readonly Dictionary<string, HashSet<string>> _known = commands.Where(one => !one.Value.TakesAnything)
        .ToDictionary(one => one.Key, one => new HashSet<string>([one.Key, .. one.Value.Fields, .. General]));

    /// <summary>Runs a command.</summary>
    /// <returns>The answer; null: the connection is to be closed instead.</returns>
    public async Task<BsonDocument?> RunAsync(BsonDocument body, int connection, CancellationToken cancellationToken)
    {
        var context = new CommandContext(body.ElementCount > 0 ? body.GetElement(0).Name : "", body, connection);
        context = context with { Fault = faults.Next(context.Name) };
        if (context.Fault is { Hangs: true })
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        if (context.Fault is { ClosesBefore: true })
            return null;
        var answer = Answer(context);
        if (journal is not null && Concerns.NeedsDisk(body))
            await journal.SyncAsync(cancellationToken);
        if (context.Fault?.WriteConcernErrorCode is { } code && answer["ok"] == 1)
            answer["writeConcernError"] = Answers.WriteConcernError(code);
        return context.Fault is { ClosesAfter: true } ? null : answer;
    }

    private BsonDocument Answer(CommandContext context)
    {
        try
        {
            if (context.Fault?.ErrorCode is { } code)
                throw new CommandException((ErrorCode)code, "A test lets this command fail.");
            return Answers.Ok(Run(context));
        }
        catch (CommandException error)
        {
            return Answers.Refused(error, context);
        }
        catch (Exception error) when (error is InvalidCastException or FormatException or KeyNotFoundException or OverflowException)
        {
            return Answers.Refused(new CommandException(ErrorCode.FailedToParse, $"The stand-in for MongoDB cannot read this command: {error.Message}"), context);
        }
    }

    private BsonDocument Run(CommandContext context)
    {
        if (!commands.TryGetValue(context.Name, out var command))
            throw new CommandException(ErrorCode.CommandNotFound, $"no such command: '{context.Name}', at least of the stand-in for MongoDB.");
        if (_known.TryGetValue(context.Name, out var fields))
            context.Body.AllowOnly(context.Name, fields);
        Concerns.Check(context.Body);
        if (context.Retry is not { } retry)
            return command.Run(context);
        if (retried is null)
            throw new CommandException(ErrorCode.IllegalOperation, "Transaction numbers are only allowed on a replica set member or mongos");
        lock (retried.Begin(retry))
            return command.Run(context);
    }
}
