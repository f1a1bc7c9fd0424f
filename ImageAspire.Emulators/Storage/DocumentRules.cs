using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>What can be stored.</summary>
internal static class DocumentRules
{
    /// <summary>Largest document, in bytes.</summary>
    public const int MaxSize = 16 * 1024 * 1024;

    private const string Id = "_id";

    /// <summary>Checks a new document, and moves its id to the front; without one it gets an ObjectId.</summary>
    /// <exception cref="CommandException">It cannot be stored.</exception>
    public static void CheckNew(BsonDocument document)
    {
        if (document.IndexOfName(Id) is not 0 and var at)
        {
            var id = at < 0 ? ObjectId.GenerateNewId() : document[Id];
            document.Remove(Id);
            document.InsertAt(0, new BsonElement(Id, id));
        }

        if (document[Id] is BsonArray or BsonRegularExpression or BsonUndefined)
            throw new CommandException(ErrorCode.InvalidIdField, $"The '_id' value cannot be of type {document[Id].BsonType}");
        if (document.Names.FirstOrDefault(name => name.StartsWith('$')) is { } name)
            throw new CommandException(ErrorCode.DollarPrefixedFieldName, $"The dollar ($) prefixed field '{name}' is not allowed in the context of an insert.");
        if (document.ToBson().Length is > MaxSize and var size)
            throw new CommandException(ErrorCode.BSONObjectTooLarge, $"object to insert too large. size in bytes: {size}, max size: {MaxSize}");
    }

    /// <summary>Whether a changed document differs in any byte, also in the type of a number.</summary>
    /// <exception cref="CommandException">It has become too large.</exception>
    public static bool Differ(BsonDocument before, BsonDocument after)
    {
        var bytes = after.ToBson();
        return bytes.Length <= MaxSize ? !bytes.AsSpan().SequenceEqual(before.ToBson())
            : throw new CommandException(ErrorCode.Location17419, $"Resulting document after update is larger than {MaxSize}");
    }
}
