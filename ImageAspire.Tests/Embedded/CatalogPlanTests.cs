using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Database;

namespace ImageAspire.Tests.Embedded;

/// <summary>No list may read more than it gives, whatever the number of records: seen in SQLite's plan, not by a stop-watch.</summary>
public sealed class CatalogPlanTests
{
    public static TheoryData<string, ImageQuery, string[]> Lists => new()
    {
        { "newest", new ImageQuery(), ["images_archived (archived=? AND rowid<?)"] },
        { "oldest", new ImageQuery { Sort = ImageSort.Oldest }, ["images_archived (archived=? AND rowid>?)"] },
        { "all", new ImageQuery { Archived = null }, ["PRIMARY KEY (rowid<?)"] },
        { "status", new ImageQuery { Status = ImageStatus.Failed }, ["images_status (status=? AND archived=? AND rowid<?)"] },
        { "tag", new ImageQuery { Tag = "x" }, ["PRIMARY KEY (tag=? AND archived=? AND image<?)", "images"] },
        { "name", new ImageQuery { Sort = ImageSort.Name }, ["images_name (archived=? AND name=? AND rowid>?)", "images_name (archived=? AND name>?)"] },
        { "largest", new ImageQuery { Sort = ImageSort.Largest }, ["images_bytes (archived=? AND bytes=? AND rowid<?)", "images_bytes (archived=? AND bytes<?)"] },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task NextPage_OfEveryList_IsAWalkOfItsIndex(string list, ImageQuery query, string[] expected)
    {
        using var folder = new TempFolder();
        await using var database = MainDatabase.Open(folder.Options);

        var plan = await database.ReadAsync(session =>
        {
            var (sql, values) = new PageQuery(session, query, null).Build(new KeysetCursor(1, "1"));
            return session.Query("EXPLAIN QUERY PLAN " + sql, row => (Parent: row.GetInt32(1), Step: row.GetString(3)), values);
        }, CancellationToken.None);

        // The steps below the outermost query are the walks; only what they give is sorted again.
        var walks = plan.Where(step => step.Step.StartsWith("SEARCH", StringComparison.Ordinal) || step.Step.StartsWith("SCAN TABLE", StringComparison.Ordinal)).ToList();
        walks.ShouldAllBe(step => step.Step.StartsWith("SEARCH"), list + "\n" + string.Join('\n', plan));
        foreach (var part in expected)
            walks.ShouldContain(step => step.Step.Contains(part), list + "\n" + string.Join('\n', plan));
        var sorted = plan.Where(step => step.Step.Contains("TEMP B-TREE")).Select(step => step.Parent).ToList();
        walks.ShouldNotContain(step => sorted.Contains(step.Parent), string.Join('\n', plan));
    }
}
