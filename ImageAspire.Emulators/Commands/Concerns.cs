using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>Read and write concerns: one server satisfies all that ask for one or the majority.</summary>
internal static class Concerns
{
    /// <summary>Refuses what one server alone cannot give.</summary>
    public static void Check(BsonDocument command)
    {
        if (command.Contains("startTransaction") || !command.Flag("autocommit", otherwise: true))
            throw CommandException.NotImplemented("transactions of several commands");
        if (command.Document("readConcern") is var read && read.TryGetValue("level", out var level) && level.AsString is not ("local" or "available" or "majority"))
            throw CommandException.NotImplemented($"read concern '{level}'");
        if (!command.Document("writeConcern").TryGetValue("w", out var servers))
            return;
        if (servers is BsonString mode && mode != "majority")
            throw new CommandException(ErrorCode.UnknownReplWriteConcern, $"No write concern mode named '{mode}' found in replica set configuration");
        if (Numbers.IsNumber(servers) && servers.ToDouble() > 1)
            throw new CommandException(ErrorCode.BadValue, "cannot use 'w' > 1 when a host is not replicated");
    }

    /// <summary>Whether a write is to be on the disk when it is answered.</summary>
    public static bool NeedsDisk(BsonDocument command)
    {
        var concern = command.Document("writeConcern");
        return concern.Flag("j") || concern.GetValue("w", BsonNull.Value) == "majority";
    }
}
