using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>Answers to commands.</summary>
internal static class Answers
{
    // After these a driver sends a write once more: the server says so by a label. Source: the specification "Retryable Writes".
    private static readonly HashSet<int> Retryable = [6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];

    /// <summary>The command was run.</summary>
    public static BsonDocument Ok(BsonDocument answer) => new BsonDocument(answer).Add("ok", 1.0);

    /// <summary>The command was refused.</summary>
    public static BsonDocument Refused(CommandException error, CommandContext context)
    {
        var answer = new BsonDocument { { "ok", 0.0 }, { "errmsg", error.Message }, { "code", (int)error.Code }, { "codeName", NameOf(error.Code) } };
        if (context.Retry is not null && Retryable.Contains((int)error.Code))
            answer.Add("errorLabels", new BsonArray { "RetryableWriteError" });
        return answer.AddRange(error.Details);
    }

    /// <summary>A statement of a write was refused.</summary>
    public static BsonDocument WriteError(int index, CommandException error) =>
        new BsonDocument { { "index", index }, { "code", (int)error.Code }, { "errmsg", error.Message } }.AddRange(error.Details);

    /// <summary>The command was run, and is not confirmed as its write concern demands.</summary>
    public static BsonDocument WriteConcernError(int code) =>
        new() { { "code", code }, { "codeName", NameOf((ErrorCode)code) }, { "errmsg", "waiting for replication timed out" } };

    private static string NameOf(ErrorCode code) => Enum.IsDefined(code) ? code.ToString() : $"Location{(int)code}";
}
