using MongoDB.Bson;

namespace ImageAspire.Emulators.Commands;

/// <summary>What a statement of a write did.</summary>
/// <param name="Count">How many documents it inserted, matched or removed.</param>
/// <param name="Modified">How many it changed.</param>
/// <param name="Upserted">The id of the document that it inserted because it found none; null for none.</param>
internal sealed record StatementResult(int Count, int Modified = 0, BsonValue? Upserted = null)
{
    /// <summary>As it is remembered for a repetition.</summary>
    public BsonDocument ToBson()
    {
        var result = new BsonDocument { { "n", Count }, { "nModified", Modified } };
        return Upserted is null ? result : result.Add("upserted", Upserted);
    }

    /// <summary>A result that was remembered.</summary>
    public static StatementResult Of(BsonDocument remembered) =>
        new(remembered["n"].AsInt32, remembered["nModified"].AsInt32, remembered.TryGetValue("upserted", out var id) ? id : null);
}
