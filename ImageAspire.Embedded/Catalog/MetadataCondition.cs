using ImageAspire.Core.Ports;

namespace ImageAspire.Embedded.Catalog;

/// <summary>A filter as a condition on <c>image_metadata m</c>, and the index that finds its images.</summary>
/// <param name="Index">The index.</param>
/// <param name="Sql">The condition, with <c>{0}</c>, <c>{1}</c>, … for its values.</param>
/// <param name="Values">The values.</param>
internal sealed record MetadataCondition(string Index, string Sql, params object?[] Values)
{
    /// <summary>The index of the date taken, which also gives the images in its order.</summary>
    public const string TakenIndex = "metadata_taken";

    /// <summary>The conditions of a query, but those on the date taken when the list is sorted by it: then they say where the scan begins and ends.</summary>
    /// <param name="query">The query.</param>
    /// <param name="camera">Its camera, as a query of the index of cameras.</param>
    public static IReadOnlyList<MetadataCondition> Of(ImageQuery query, string? camera)
    {
        var all = new List<MetadataCondition>();
        if (camera is not null)
            all.Add(new("metadata_camera", "m.camera IN (SELECT rowid FROM cameras_text WHERE cameras_text MATCH {0})", camera));
        if (query.Area is { } area)
        {
            var meridians = area.West <= area.East ? "m.longitude BETWEEN {2} AND {3}" : "(m.longitude>={2} OR m.longitude<={3})";
            all.Add(new("metadata_place", "m.latitude BETWEEN {0} AND {1} AND " + meridians, area.South, area.North, area.West, area.East));
        }

        if (query.MinRating is { } rating)
            all.Add(new("metadata_rating", "m.rating>={0}", rating));
        if (query.Sort != ImageSort.Taken && (query.TakenFrom ?? query.TakenTo) is not null)
            all.Add(new(TakenIndex, "m.taken>={0} AND m.taken<{1}", (query.TakenFrom ?? DateTime.MinValue).Ticks, query.TakenTo?.Ticks ?? long.MaxValue));
        return all;
    }
}
