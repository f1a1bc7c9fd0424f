using MongoDB.Bson;

namespace ImageAspire.Emulators.Values;

/// <summary>A command, or one of its statements, is refused.</summary>
/// <param name="code">MongoDB's code.</param>
/// <param name="message">What is wrong.</param>
/// <param name="details">Further fields of the answer.</param>
internal sealed class CommandException(ErrorCode code, string message, BsonDocument? details = null) : Exception(message)
{
    /// <summary>MongoDB's code.</summary>
    public ErrorCode Code => code;

    /// <summary>Further fields of the answer; none when empty.</summary>
    public BsonDocument Details => details ?? [];

    /// <summary>Something that MongoDB has and the stand-in does not.</summary>
    public static CommandException NotImplemented(string what) =>
        new(ErrorCode.NotImplemented, $"The stand-in for MongoDB has no {what}. Add it (ImageAspire.Emulators), or use a MongoDB server.");
}
