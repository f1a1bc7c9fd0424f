using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Filters;

/// <summary>Filters of queries, as tests of documents.</summary>
internal static class Filter
{
    /// <summary>The test of a filter, which all of its conditions must pass.</summary>
    /// <exception cref="CommandException">It has something that the stand-in does not know.</exception>
    public static Predicate<BsonDocument> Of(BsonDocument filter) => All([.. filter.Select(Condition)]);

    /// <summary>Whether a value is operators (<c>{ $gt: 1 }</c>), not a document to compare with.</summary>
    public static bool IsOperators(BsonValue value) => value is BsonDocument { ElementCount: > 0 } document && document.GetElement(0).Name.StartsWith('$');

    private static Predicate<BsonDocument> Condition(BsonElement element) => element.Name switch
    {
        "$and" => All(Parts(element)),
        "$or" => Any(Parts(element)),
        ['$', ..] => throw new CommandException(ErrorCode.BadValue, $"unknown top level operator: {element.Name}. The stand-in has $and and $or."),
        _ when IsOperators(element.Value) => All([.. FieldConditions.Of(new FieldPath(element.Name), element.Value.AsBsonDocument)]),
        _ => FieldConditions.Equal(new FieldPath(element.Name), element.Value),
    };

    private static Predicate<BsonDocument>[] Parts(BsonElement element) => element.Value is BsonArray { Count: > 0 } parts && parts.All(part => part is BsonDocument)
        ? [.. parts.Select(part => Of(part.AsBsonDocument))]
        : throw new CommandException(ErrorCode.BadValue, $"{element.Name} must be a nonempty array of documents");

    private static Predicate<BsonDocument> All(Predicate<BsonDocument>[] conditions) => conditions is [var one] ? one : document => Array.TrueForAll(conditions, condition => condition(document));

    private static Predicate<BsonDocument> Any(Predicate<BsonDocument>[] conditions) => document => Array.Exists(conditions, condition => condition(document));
}
