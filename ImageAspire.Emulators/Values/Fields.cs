using MongoDB.Bson;

namespace ImageAspire.Emulators.Values;

/// <summary>Reads fields of commands.</summary>
internal static class Fields
{
    /// <summary>A document; an empty one where the field is missing.</summary>
    public static BsonDocument Document(this BsonDocument command, string field) => command.TryGetValue(field, out var value) && !value.IsBsonNull
        ? value as BsonDocument ?? throw WrongType(field, "object", value) : [];

    /// <summary>An array that must be there.</summary>
    public static BsonArray Array(this BsonDocument command, string field) => command.TryGetValue(field, out var value)
        ? value as BsonArray ?? throw WrongType(field, "array", value) : throw Missing(field);

    /// <summary>A text that must be there.</summary>
    public static string Text(this BsonDocument command, string field) => command.TryGetValue(field, out var value)
        ? (value as BsonString)?.Value ?? throw WrongType(field, "string", value) : throw Missing(field);

    /// <summary>Whether a flag is set.</summary>
    public static bool Flag(this BsonDocument command, string field, bool otherwise = false) => command.TryGetValue(field, out var value) ? value.ToBoolean() : otherwise;

    /// <summary>A whole number; a default where the field is missing.</summary>
    public static int Number(this BsonDocument command, string field, int otherwise) =>
        command.TryGetValue(field, out var value) ? Numbers.Whole(value, field) : otherwise;

    /// <summary>Refuses every field that is not known: what is ignored would be a guess.</summary>
    public static void AllowOnly(this BsonDocument command, string where, IReadOnlySet<string> known)
    {
        if (command.Names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new CommandException(ErrorCode.Location40415, $"BSON field '{where}.{unknown}' is an unknown field, at least of the stand-in for MongoDB.");
    }

    private static CommandException Missing(string field) => new(ErrorCode.Location40414, $"BSON field '{field}' is missing but a required field");

    private static CommandException WrongType(string field, string wanted, BsonValue value) =>
        new(ErrorCode.TypeMismatch, $"BSON field '{field}' is the wrong type '{value.BsonType}', expected type '{wanted}'");
}
