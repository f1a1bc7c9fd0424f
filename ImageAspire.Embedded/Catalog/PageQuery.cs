using System.Globalization;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>
/// Turns a query into SQL that starts from the right index (<see cref="PageStart"/>). The choice is made here and forced (<c>INDEXED BY</c>,
/// <c>CROSS JOIN</c>): a planner whose choice changes with the data could suddenly make a list of a million records slow.
/// </summary>
/// <param name="session">A connection, to count what a filter matches.</param>
/// <param name="query">The query.</param>
/// <param name="match">Its text as a query of the full-text index; null for none.</param>
/// <param name="camera">Its camera as a query of the index of cameras; null for none.</param>
internal sealed class PageQuery(SqliteSession session, ImageQuery query, string? match, string? camera = null)
{
    private readonly List<object?> _values = [];
    private readonly IReadOnlyList<MetadataCondition> _metadata = MetadataCondition.Of(query, camera);

    /// <summary>Up to how many matches a filter's own index is used whatever the order.</summary>
    public int Narrow { get; init; } = PageStart.UsualNarrow;

    private bool ByRowid => query.Sort is ImageSort.Newest or ImageSort.Oldest;

    private string SortColumn => query.Sort switch { ImageSort.Name => "i.name", ImageSort.Largest => "i.bytes", ImageSort.Taken => "m.taken", _ => "NULL" };

    // NULL is the smallest value: images without a date come last.
    private string Order => query.Sort switch
    {
        ImageSort.Oldest => "k", ImageSort.Name => "s COLLATE NOCASE, k", ImageSort.Largest or ImageSort.Taken => "s DESC, k DESC", _ => "k DESC",
    };

    /// <summary>Rows of rowid, sort value and document; one more than the limit when there is a next page.</summary>
    /// <exception cref="InvalidCursorException">The cursor has no value of this order.</exception>
    public (string Sql, object?[] Values) Build(KeysetCursor? after)
    {
        var start = PageStart.Of(session, query, match, _metadata, Narrow);
        var limit = Bind(query.Limit + 1);
        var conditions = Conditions(start, after is not null);
        // Both values of "archived" are two scans that are merged: one scan would not be in order, because "archived" comes first in the index.
        bool?[] archived = query.Archived is not null || !start.ByArchived ? [query.Archived] : [false, true];
        var scans = archived.SelectMany(_ => After(start.Key, after), (value, resume) => Scan(start, $"{start.Archived(value)} AND {conditions} AND {resume}", limit));
        var rows = string.Join(" UNION ALL ", scans.Select(scan => $"SELECT * FROM ({scan})"));
        // Documents are fetched last: only keys are sorted and discarded.
        var sql = $"SELECT k, s, (SELECT doc FROM images WHERE rowid=k) FROM ({rows}) ORDER BY {Order} LIMIT {limit}";
        return (sql, [.. _values]);
    }

    /// <summary>Rowids of all images that the conditions let through, when one of them alone lets few through; else null.</summary>
    public List<long>? Few() => PageStart.Few(session, query, _metadata, Narrow) is { } start ? Keys(start, "1") : null;

    /// <summary>Those of some images that the conditions let through.</summary>
    /// <param name="rowids">The images.</param>
    /// <param name="without">A query of the full-text index, whose images are left out; null for none.</param>
    public List<long> Among(IEnumerable<long> rowids, string? without)
    {
        var start = new PageStart($"json_each({Bind("[" + string.Join(',', rowids) + "]")}) c", "i", "c.value", false);
        return Keys(start, without is null ? "1" : $"NOT EXISTS(SELECT 1 FROM images_text x WHERE x.images_text MATCH {Bind(without)} AND x.rowid=i.rowid)");
    }

    private List<long> Keys(PageStart start, string condition)
    {
        var sql = Scan(start, $"{start.Archived(query.Archived)} AND {Conditions(start, false)} AND {condition}", "-1");
        return session.Query(sql, row => row.GetInt64(0), [.. _values]);
    }

    private string Scan(PageStart start, string conditions, string limit)
    {
        // The short rows first: the long ones of images are read only of what they leave.
        var metadata = start.Alias != "m" && (_metadata.Count > 0 || query.Sort == ImageSort.Taken) ? $" CROSS JOIN image_metadata m ON m.image={start.Key}" : "";
        var images = start.Key != "i.rowid" ? $" CROSS JOIN images i ON i.rowid={start.Key}" : "";
        return $"SELECT {start.Key} AS k, {SortColumn} AS s FROM {start.Source}{metadata}{images} WHERE {conditions} ORDER BY {Order} LIMIT {limit}";
    }

    private string Conditions(PageStart start, bool resumes)
    {
        var all = new List<string> { "1" };
        if (query.Status is { } status)
            all.Add($"i.status={Bind((int)status)}");
        if (query.Tag is { } tag)
        {
            var value = Bind(tag);
            all.Add(start == PageStart.Tag ? $"t.tag={value}"
                : $"EXISTS(SELECT 1 FROM image_tags x WHERE x.tag={value} AND x.archived=i.archived AND x.image=i.rowid)");
        }

        if (match is not null)
        {
            // A tag's words are in the index too, so the full-text engine excludes most other records.
            var value = Bind(start == PageStart.Words && query.Tag is { } also && SearchWords.ToPhrase(also) is { } phrase ? $"{match} AND {phrase}" : match);
            all.Add(start == PageStart.Words ? $"f.images_text MATCH {value}"
                : $"EXISTS(SELECT 1 FROM images_text x WHERE x.images_text MATCH {value} AND x.rowid=i.rowid)");
        }

        // Of two bounds on one side SQLite uses one, which could be the wrong one: where a cursor says where the page begins, the query does not.
        if (query.From is { } from && !(resumes && query.Sort == ImageSort.Oldest))
            all.Add($"{start.Key}>={Bind(RecordKeys.FirstRowidAt(from))}");
        if (query.To is { } to && !(resumes && query.Sort == ImageSort.Newest))
            all.Add($"{start.Key}<{Bind(RecordKeys.FirstRowidAt(to))}");
        all.AddRange(_metadata.Select(condition => string.Format(CultureInfo.InvariantCulture, condition.Sql, [.. condition.Values.Select(Bind)])));
        if (query.Sort == ImageSort.Taken && query.TakenFrom is { } takenFrom)
            all.Add($"m.taken>={Bind(takenFrom.Ticks)}");
        return string.Join(" AND ", all);
    }

    // The conditions that resume after a cursor. For a name, a size or a date two scans: the rest of the equal ones, then all that follow. One
    // condition would scan all equal ones again for each page, and cameras give thousands of files the same name.
    private string[] After(string key, KeysetCursor? after)
    {
        if (query.Sort == ImageSort.Taken)
            return AfterTaken(key, after);
        if (after is null)
            return ["1"];
        var (rowid, value) = (Bind(after.Rowid), ByRowid ? "" : Bind(query.Sort == ImageSort.Name ? after.Value : Number(after)));
        return query.Sort switch
        {
            ImageSort.Newest => [$"{key}<{rowid}"],
            ImageSort.Oldest => [$"{key}>{rowid}"],
            ImageSort.Name => [$"i.name={value} AND i.rowid>{rowid}", $"i.name>{value}"],
            _ => [$"i.bytes={value} AND i.rowid<{rowid}", $"i.bytes<{value}"],
        };
    }

    // Images without a date are a scan of their own, which a range leaves out: it would read all of them and find none.
    private string[] AfterTaken(string key, KeysetCursor? after)
    {
        if (after is null)
            return [query.TakenTo is { } to ? $"m.taken<{Bind(to.Ticks)}" : "1"];
        var rowid = Bind(after.Rowid);
        if (after.Value.Length == 0)
            return [$"m.taken IS NULL AND {key}<{rowid}"];
        var value = Bind(Number(after));
        string[] dated = [$"m.taken={value} AND {key}<{rowid}", $"m.taken<{value}"];
        return (query.TakenFrom ?? query.TakenTo) is null ? [.. dated, "m.taken IS NULL"] : dated;
    }

    private static long Number(KeysetCursor after) =>
        long.TryParse(after.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidCursorException();

    private string Bind(object? value)
    {
        _values.Add(value);
        return "@" + _values.Count.ToString(CultureInfo.InvariantCulture);
    }
}
