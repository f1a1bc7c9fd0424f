using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Aggregation;

/// <summary>The order of a sort: of an array the least element counts upwards, the greatest downwards.</summary>
internal static class DocumentSort
{
    /// <summary>Documents in the order of a sort; equal ones as they came.</summary>
    /// <exception cref="CommandException">The sort is none of fields upwards or downwards.</exception>
    public static IEnumerable<BsonDocument> By(BsonDocument sort, IEnumerable<BsonDocument> documents) => By(sort, documents, document => document);

    /// <summary>Whatever has a document, in the order of a sort.</summary>
    /// <exception cref="CommandException">The sort is none of fields upwards or downwards.</exception>
    public static IEnumerable<T> By<T>(BsonDocument sort, IEnumerable<T> items, Func<T, BsonDocument> document) =>
        sort.Aggregate(items, (before, field) => By(before, new FieldPath(field.Name), Direction(field.Value), document));

    private static IEnumerable<T> By<T>(IEnumerable<T> before, FieldPath path, int direction, Func<T, BsonDocument> document)
    {
        return (before, direction) switch
        {
            (IOrderedEnumerable<T> sorted, > 0) => sorted.ThenBy(Key, ValueOrder.Instance),
            (IOrderedEnumerable<T> sorted, _) => sorted.ThenByDescending(Key, ValueOrder.Instance),
            (_, > 0) => before.OrderBy(Key, ValueOrder.Instance),
            _ => before.OrderByDescending(Key, ValueOrder.Instance),
        };

        BsonValue Key(T item)
        {
            var values = path.ValuesIn(document(item)).SelectMany(IndexValues.Of);
            return (direction > 0 ? values.Min(ValueOrder.Instance) : values.Max(ValueOrder.Instance)) ?? BsonNull.Value;
        }
    }

    private static int Direction(BsonValue value) => Numbers.IsNumber(value) && value.ToDouble() is 1 or -1
        ? value.ToInt32() : throw new CommandException(ErrorCode.BadValue, $"$sort key ordering must be 1 (for ascending) or -1 (for descending), not {value}");
}
