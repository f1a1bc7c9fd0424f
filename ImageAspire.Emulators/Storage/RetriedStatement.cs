using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>A write that a driver would send again, in the same session and with the same number, after an error of the network.</summary>
/// <param name="Session">The session's id.</param>
/// <param name="Number">The number of the command in it; a higher one says that the results of lower ones have arrived.</param>
internal sealed record RetryKey(BsonValue Session, long Number)
{
    /// <summary>A statement of the command that was done, with its result.</summary>
    public RetriedStatement Done(int statement, BsonDocument result) => new(this, statement, result);
}

/// <summary>A statement that was done, and is not done again.</summary>
/// <param name="Key">Its command.</param>
/// <param name="Statement">Its position in the command.</param>
/// <param name="Result">What was answered.</param>
internal sealed record RetriedStatement(RetryKey Key, int Statement, BsonDocument Result);
