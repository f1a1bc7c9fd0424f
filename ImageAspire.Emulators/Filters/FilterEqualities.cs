using MongoDB.Bson;

namespace ImageAspire.Emulators.Filters;

/// <summary>The fields that a filter compares for equality with one value: an upsert copies them, and an index of them finds the only document.</summary>
internal static class FilterEqualities
{
    /// <summary>The fields with their values, also of conditions within <c>$and</c>.</summary>
    public static IEnumerable<BsonElement> Of(BsonDocument filter)
    {
        foreach (var element in filter)
        {
            if (element.Name == "$and")
            {
                foreach (var part in element.Value.AsBsonArray.OfType<BsonDocument>().SelectMany(Of))
                    yield return part;
            }
            else if (Filter.IsOperators(element.Value))
            {
                if (element.Value.AsBsonDocument.TryGetValue("$eq", out var value))
                    yield return new BsonElement(element.Name, value);
            }
            else if (!element.Name.StartsWith('$') && element.Value is not BsonRegularExpression)
            {
                yield return element;
            }
        }
    }
}
