using System.Globalization;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>
/// Turns a query into SQL that starts from the right index. The choice is made here and forced (<c>INDEXED BY</c>, <c>CROSS JOIN</c>):
/// a planner whose choice changes with the data could suddenly make a list of a million records slow.
/// </summary>
internal sealed class PageQuery(SqliteSession session, ImageQuery query, string? match)
{
    // Up to this number of records it is cheaper to sort all matches of a filter than to scan the sorted index and test each record.
    private const int Narrow = 5_000;
    private readonly List<object?> _values = [];

    private enum Start
    {
        Newest,
        Status,
        Tag,
        Words,
        SortedIndex,
    }

    private bool ByRowid => query.Sort is ImageSort.Newest or ImageSort.Oldest;

    private string SortColumn => query.Sort switch { ImageSort.Name => "name", ImageSort.Largest => "bytes", _ => "NULL" };

    private string Order => query.Sort switch
    {
        ImageSort.Oldest => "k", ImageSort.Name => "s COLLATE NOCASE, k", ImageSort.Largest => "s DESC, k DESC", _ => "k DESC",
    };

    /// <summary>Rows of rowid, sort value and document; one more than the limit when there is a next page.</summary>
    public (string Sql, object?[] Values) Build(KeysetCursor? after)
    {
        var start = ByRowid ? StartByRowid() : StartSorted();
        var limit = Bind(query.Limit + 1);
        var conditions = Conditions(start);
        // Both values of "archived" are two scans that are merged: one scan would not be in order, because "archived" comes first in the index.
        bool?[] archived = query.Archived is not null || start is Start.Newest or Start.Words ? [query.Archived] : [false, true];
        var scans = archived.SelectMany(_ => After(Key(start), after), (value, resume) => Scan(start, $"{conditions} AND {resume}", value, limit));
        var rows = string.Join(" UNION ALL ", scans.Select(scan => $"SELECT * FROM ({scan})"));
        // Documents are fetched last: only keys are sorted and discarded.
        var sql = $"SELECT k, s, (SELECT doc FROM images WHERE rowid=k) FROM ({rows}) ORDER BY {Order} LIMIT {limit}";
        return (sql, [.. _values]);
    }

    private Start StartByRowid() => match is not null ? Start.Words
        : query.Tag is not null ? Start.Tag
        : query.Status is not null ? Start.Status
        : Start.Newest;

    private Start StartSorted()
    {
        if (query.Tag is { } tag && IsNarrow("image_tags WHERE tag=@1", tag))
            return Start.Tag;
        if (match is not null && IsNarrow("images_text WHERE images_text MATCH @1", match))
            return Start.Words;
        if (query.Status is { } status && IsNarrow("images INDEXED BY images_status WHERE status=@1", (int)status))
            return Start.Status;
        if ((query.From ?? query.To) is not null && IsNarrow("images WHERE rowid>=@1 AND rowid<@2",
            RecordKeys.FirstRowidAt(query.From ?? DateTimeOffset.MinValue), RecordKeys.FirstRowidAt(query.To ?? DateTimeOffset.MaxValue)))
        {
            return Start.Newest;
        }

        return Start.SortedIndex;
    }

    private bool IsNarrow(string source, params ReadOnlySpan<object?> values) => Convert.ToInt32(
        session.Scalar($"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT {Narrow + 1})", values), CultureInfo.InvariantCulture) <= Narrow;

    private string Scan(Start start, string conditions, bool? archived, string limit)
    {
        var filter = archived is { } value ? $"{(start == Start.Tag ? "t" : "i")}.archived={(value ? 1 : 0)}" : "1";
        var source = start switch
        {
            Start.Newest => archived is null ? "images i NOT INDEXED" : "images i INDEXED BY images_archived",
            Start.Status => "images i INDEXED BY images_status",
            Start.Tag => "image_tags t CROSS JOIN images i ON i.rowid=t.image",
            Start.Words => "images_text f CROSS JOIN images i ON i.rowid=f.rowid",
            _ => query.Sort == ImageSort.Name ? "images i INDEXED BY images_name" : "images i INDEXED BY images_bytes",
        };
        var sort = SortColumn == "NULL" ? "NULL" : "i." + SortColumn;
        return $"SELECT {Key(start)} AS k, {sort} AS s FROM {source} WHERE {filter} AND {conditions} ORDER BY {Order} LIMIT {limit}";
    }

    private static string Key(Start start) => start switch { Start.Tag => "t.image", Start.Words => "f.rowid", _ => "i.rowid" };

    private string Conditions(Start start)
    {
        var key = Key(start);
        var all = new List<string> { "1" };
        if (query.Status is { } status)
            all.Add($"i.status={Bind((int)status)}");
        if (query.Tag is { } tag)
        {
            var value = Bind(tag);
            all.Add(start == Start.Tag ? $"t.tag={value}"
                : $"EXISTS(SELECT 1 FROM image_tags x WHERE x.tag={value} AND x.archived=i.archived AND x.image=i.rowid)");
        }

        if (match is not null)
        {
            // A tag's words are in the index too, so the full-text engine excludes most other records.
            var value = Bind(start == Start.Words && query.Tag is { } also && SearchWords.ToPhrase(also) is { } phrase ? $"{match} AND {phrase}" : match);
            all.Add(start == Start.Words ? $"f.images_text MATCH {value}"
                : $"EXISTS(SELECT 1 FROM images_text x WHERE x.images_text MATCH {value} AND x.rowid=i.rowid)");
        }

        if (query.From is { } from)
            all.Add($"{key}>={Bind(RecordKeys.FirstRowidAt(from))}");
        if (query.To is { } to)
            all.Add($"{key}<{Bind(RecordKeys.FirstRowidAt(to))}");
        return string.Join(" AND ", all);
    }

    // The conditions that resume after a cursor. For a name or a size two scans: the rest of the equal ones, then all that follow. One
    // condition would scan all equal ones again for each page, and cameras give thousands of files the same name.
    private string[] After(string key, KeysetCursor? after)
    {
        if (after is null)
            return ["1"];
        var (rowid, value) = (Bind(after.Rowid), ByRowid ? "" : Bind(query.Sort == ImageSort.Name ? after.Value : long.Parse(after.Value, CultureInfo.InvariantCulture)));
        return query.Sort switch
        {
            ImageSort.Newest => [$"{key}<{rowid}"],
            ImageSort.Oldest => [$"{key}>{rowid}"],
            ImageSort.Name => [$"i.name={value} AND i.rowid>{rowid}", $"i.name>{value}"],
            _ => [$"i.bytes={value} AND i.rowid<{rowid}", $"i.bytes<{value}"],
        };
    }

    private string Bind(object? value)
    {
        _values.Add(value);
        return "@" + _values.Count.ToString(CultureInfo.InvariantCulture);
    }
}
