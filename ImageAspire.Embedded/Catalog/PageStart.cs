using System.Globalization;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>The index from which a page is read.</summary>
/// <param name="Source">The table and its forced index. Tables have fixed aliases: images i, image_tags t, images_text f, image_metadata m.</param>
/// <param name="Alias">The alias of the table whose <c>archived</c> is tested.</param>
/// <param name="Key">The column with the image's rowid.</param>
/// <param name="ByArchived">Whether the index gives the images in their order for one value of <c>archived</c> at a time only.</param>
internal sealed record PageStart(string Source, string Alias, string Key, bool ByArchived)
{
    public static readonly PageStart All = new("images i NOT INDEXED", "i", "i.rowid", false);
    public static readonly PageStart Newest = All with { Source = "images i INDEXED BY images_archived", ByArchived = true };
    public static readonly PageStart Status = Newest with { Source = "images i INDEXED BY images_status" };
    public static readonly PageStart Name = Newest with { Source = "images i INDEXED BY images_name" };
    public static readonly PageStart Largest = Newest with { Source = "images i INDEXED BY images_bytes" };
    public static readonly PageStart Tag = new("image_tags t", "t", "t.image", true);
    public static readonly PageStart Words = new("images_text f", "i", "f.rowid", false);
    public static readonly PageStart Metadata = new("image_metadata m NOT INDEXED", "m", "m.image", false);
    public static readonly PageStart Taken = Metadata with { Source = "image_metadata m INDEXED BY " + MetadataCondition.TakenIndex, ByArchived = true };

    /// <summary>Up to this number of records it is cheaper to sort all matches of a filter than to scan the sorted index and test each record.</summary>
    public const int UsualNarrow = 5_000;

    /// <summary>Chooses the index.</summary>
    /// <param name="session">A connection, to count what a filter matches.</param>
    /// <param name="query">The query.</param>
    /// <param name="match">Its text as a query of the full-text index; null for none.</param>
    /// <param name="metadata">Its conditions on metadata.</param>
    /// <param name="narrow">Up to how many matches a filter's own index is used whatever the order, <see cref="UsualNarrow"/>.</param>
    public static PageStart Of(SqliteSession session, ImageQuery query, string? match, IReadOnlyList<MetadataCondition> metadata, int narrow)
    {
        if (query.Sort is ImageSort.Newest or ImageSort.Oldest)
        {
            // The other filters have indexes that end with the rowid: however many records match, they come in order.
            return (metadata.Count > 0 ? Narrow(session, query, match, metadata, narrow) : null)
                ?? (match is not null ? Words : query.Tag is not null ? Tag : query.Status is not null ? Status
                : metadata.Count > 0 ? Metadata : query.Archived is null ? All : Newest);
        }

        return Narrow(session, query, match, metadata, narrow) ?? query.Sort switch { ImageSort.Name => Name, ImageSort.Largest => Largest, _ => Taken };
    }

    /// <summary>The index of a filter that few records match; null when each matches many.</summary>
    public static PageStart? Few(SqliteSession session, ImageQuery query, IReadOnlyList<MetadataCondition> metadata, int narrow) =>
        Narrow(session, query, match: null, metadata, narrow)
        ?? (query.Archived == true && IsNarrow(session, narrow, "images INDEXED BY images_archived WHERE archived=1") ? Newest : null);

    /// <summary>The condition on <c>archived</c>.</summary>
    public string Archived(bool? value) => Alias + ".archived" + (value is { } one ? one ? "=1" : "=0" : " IN (0, 1)");

    // The index of a filter that few records match.
    private static PageStart? Narrow(SqliteSession session, ImageQuery query, string? match, IReadOnlyList<MetadataCondition> metadata, int narrow)
    {
        if (query.Tag is { } tag && IsNarrow(session, narrow, "image_tags WHERE tag=@1", tag))
            return Tag;
        if (match is not null && IsNarrow(session, narrow, "images_text WHERE images_text MATCH @1", match))
            return Words;
        if (query.Status is { } status && IsNarrow(session, narrow, "images INDEXED BY images_status WHERE status=@1", (int)status))
            return Status;
        if ((query.From ?? query.To) is not null && IsNarrow(session, narrow, "images WHERE rowid>=@1 AND rowid<@2",
            RecordKeys.FirstRowidAt(query.From ?? DateTimeOffset.MinValue), RecordKeys.FirstRowidAt(query.To ?? DateTimeOffset.MaxValue)))
        {
            return query.Archived is null ? All : Newest;
        }

        foreach (var condition in metadata)
        {
            var start = Metadata with { Source = "image_metadata m INDEXED BY " + condition.Index };
            if (IsNarrow(session, narrow, $"{start.Source} WHERE {start.Archived(query.Archived)} AND {string.Format(CultureInfo.InvariantCulture, condition.Sql, "@1", "@2", "@3", "@4")}", condition.Values))
                return start;
        }

        return null;
    }

    private static bool IsNarrow(SqliteSession session, int narrow, string source, params ReadOnlySpan<object?> values) => Convert.ToInt32(
        session.Scalar($"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT {narrow + 1})", values), CultureInfo.InvariantCulture) <= narrow;
}
