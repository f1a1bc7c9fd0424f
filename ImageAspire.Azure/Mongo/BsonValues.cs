using System.Text;
using MongoDB.Bson;

namespace ImageAspire.Azure.Mongo;

/// <summary>Ids and texts as they are stored.</summary>
internal static class BsonValues
{
    /// <summary>A UUID as it is stored.</summary>
    public static BsonBinaryData Key(Guid id) => new(id, GuidRepresentation.Standard);

    /// <summary>A stored UUID.</summary>
    public static Guid Id(BsonValue key) => key.AsBsonBinaryData.ToGuid(GuidRepresentation.Standard);

    /// <summary>A text that BSON can store: unpaired surrogates become U+FFFD, as in JSON.</summary>
    public static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
