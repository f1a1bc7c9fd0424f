using MongoDB.Bson;

namespace ImageAspire.Emulators.Values;

/// <summary>What a value at a path counts as, in sorts and in indexes.</summary>
internal static class IndexValues
{
    /// <summary>Each element of an array; for an empty one a value below null; null where the field is missing.</summary>
    public static IEnumerable<BsonValue> Of(BsonValue? value) => value switch
    {
        null => [BsonNull.Value],
        BsonArray { Count: 0 } => [BsonUndefined.Value],
        BsonArray array => array,
        _ => [value],
    };
}
