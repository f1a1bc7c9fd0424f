using MongoDB.Bson;

namespace ImageAspire.Emulators.Values;

/// <summary>The names and numbers of types in <c>$type</c>.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, BsonType[]> ByName = new()
    {
        ["double"] = [BsonType.Double],
        ["string"] = [BsonType.String],
        ["object"] = [BsonType.Document],
        ["array"] = [BsonType.Array],
        ["binData"] = [BsonType.Binary],
        ["objectId"] = [BsonType.ObjectId],
        ["bool"] = [BsonType.Boolean],
        ["date"] = [BsonType.DateTime],
        ["null"] = [BsonType.Null],
        ["regex"] = [BsonType.RegularExpression],
        ["int"] = [BsonType.Int32],
        ["timestamp"] = [BsonType.Timestamp],
        ["long"] = [BsonType.Int64],
        ["number"] = [BsonType.Double, BsonType.Int32, BsonType.Int64, BsonType.Decimal128],
    };

    /// <summary>The types of a name or a number.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static BsonType[] Types(BsonValue type) => type switch
    {
        BsonString name when ByName.TryGetValue(name.Value, out var types) => types,
        _ when Numbers.IsNumber(type) && ByName.Values.FirstOrDefault(one => (int)one[0] == type.ToDouble() && one.Length == 1) is { } numbered => numbered,
        _ => throw new CommandException(ErrorCode.BadValue, $"Unknown type name alias: {type}"),
    };
}
