using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Aggregation;

/// <summary>The stage <c>$group</c>, with <c>$sum</c> and <c>$push</c>.</summary>
internal static class GroupStage
{
    /// <summary>A document for each value of <c>_id</c>, in the order of first appearance.</summary>
    public static IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> documents, BsonDocument group)
    {
        if (!group.TryGetValue("_id", out var id))
            throw new CommandException(ErrorCode.Location15952, "a group specification must include an _id");
        var key = Expression.Of(id);
        var totals = group.Where(field => field.Name != "_id").Select(field => (field.Name, Of: Accumulator(field))).ToList();
        return documents.GroupBy(document => key(document) ?? BsonNull.Value, ValueOrder.Instance)
            .Select(one => new BsonDocument("_id", one.Key).AddRange(totals.Select(total => new BsonElement(total.Name, total.Of(one)))));
    }

    private static Func<IEnumerable<BsonDocument>, BsonValue> Accumulator(BsonElement field)
    {
        if (field.Value is not BsonDocument { ElementCount: 1 } document)
            throw new CommandException(ErrorCode.Location15952, $"The field '{field.Name}' must be an accumulator object");
        var value = Expression.Of(document[0]);
        return document.GetElement(0).Name switch
        {
            // What is no number counts nothing.
            "$sum" => of => of.Select(value).OfType<BsonValue>().Where(Numbers.IsNumber).Aggregate((BsonValue)new BsonInt32(0), Numbers.Add),
            "$push" => of => new BsonArray(of.Select(value).OfType<BsonValue>()),
            var name => throw new CommandException(ErrorCode.Location15952, $"unknown group operator '{name}', at least of the stand-in for MongoDB."),
        };
    }
}
