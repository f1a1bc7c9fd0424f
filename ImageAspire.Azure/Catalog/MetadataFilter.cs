using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>The conditions of a query on what comes from the files. An image without the value meets none of them.</summary>
internal static class MetadataFilter
{
    /// <summary>The field of the date taken, a text (<see cref="ImageDocument.TakenKey"/>).</summary>
    public const string Taken = "find.taken";

    private const string Latitude = "image.location.latitude", Longitude = "image.location.longitude";
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;

    /// <summary>The conditions.</summary>
    /// <param name="query">The query.</param>
    /// <param name="camera">Those of its camera (<see cref="FoldedWords.Prefixes"/>); null for none.</param>
    public static IEnumerable<FilterDefinition<BsonDocument>> Of(ImageQuery query, IReadOnlyList<BsonRegularExpression>? camera)
    {
        if (query.TakenFrom is { } from)
            yield return Filter.Gte(Taken, ImageDocument.TakenKey(from));
        if (query.TakenTo is { } to)
            yield return Filter.Lt(Taken, ImageDocument.TakenKey(to));
        if (query.MinRating is { } rating)
            yield return Filter.Gte("image.metadata.rating", rating);
        foreach (var word in camera ?? [])
            yield return Filter.Regex("find.camera", word);
        if (query.Area is not { } area)
            yield break;
        yield return Filter.And(Filter.Gte(Latitude, area.South), Filter.Lte(Latitude, area.North));
        var (east, west) = (Filter.Gte(Longitude, area.West), Filter.Lte(Longitude, area.East));
        yield return area.West <= area.East ? Filter.And(east, west) : Filter.Or(east, west);
    }
}
