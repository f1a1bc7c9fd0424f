using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;

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
        { "taken", new ImageQuery { Sort = ImageSort.Taken },
            ["metadata_taken (archived=? AND taken=? AND image<?)", "metadata_taken (archived=? AND taken<?)", "metadata_taken (archived=? AND taken=?)"] },
        { "taken in a period", new ImageQuery { Sort = ImageSort.Taken, TakenFrom = DateTime.UnixEpoch, TakenTo = DateTime.MaxValue },
            ["metadata_taken (archived=? AND taken=? AND image<?)", "metadata_taken (archived=? AND taken>? AND taken<?)"] },
        { "largest", new ImageQuery { Sort = ImageSort.Largest }, ["images_bytes (archived=? AND bytes=? AND rowid<?)", "images_bytes (archived=? AND bytes<?)"] },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task NextPage_OfEveryList_IsAWalkOfItsIndex(string list, ImageQuery query, string[] expected)
    {
        var plan = await PlanAsync(session => new PageQuery(session, query, null).Build(new KeysetCursor(1, "1")));

        var text = list + "\n" + string.Join('\n', plan);
        var walks = Walks(plan);
        walks.ShouldAllBe(step => step.Text.StartsWith("SEARCH"), text);
        foreach (var part in expected)
            walks.ShouldContain(step => step.Text.Contains(part), text);
        var sorted = plan.Where(step => step.Text.Contains("TEMP B-TREE")).Select(step => step.Parent).ToList();
        walks.ShouldNotContain(step => sorted.Contains(step.Parent), text);
    }

    public static TheoryData<ImageQuery, string> Narrowed => new()
    {
        { new ImageQuery { TakenFrom = DateTime.UnixEpoch }, "metadata_taken (archived=? AND taken>? AND taken<?)" },
        { new ImageQuery { MinRating = 4, Sort = ImageSort.Taken }, "metadata_rating (archived=? AND rating>?)" },
        { new ImageQuery { Camera = "x", Sort = ImageSort.Name }, "metadata_camera (archived=? AND camera=?)" },
        { new ImageQuery { Area = new GeoArea(170, 0, -170, 1), Archived = null }, "metadata_place (archived=? AND latitude>? AND latitude<?)" },
    };

    [Theory]
    [MemberData(nameof(Narrowed))]
    public async Task Filter_ThatFewMatch_IsReadFromItsIndex(ImageQuery query, string expected)
    {
        var plan = await PlanAsync(session => new PageQuery(session, query, null, query.Camera).Build(null));
        var text = string.Join('\n', plan);
        Walks(plan)[0].Text.ShouldContain(expected, Case.Sensitive, text);
        Walks(plan).ShouldAllBe(step => step.Text.StartsWith("SEARCH") || step.Text.Contains("cameras_text"), text);
    }

    [Theory]
    [InlineData(ImageSort.Newest, "SEARCH m USING INTEGER PRIMARY KEY (rowid<?)")]
    [InlineData(ImageSort.Oldest, "SEARCH m USING INTEGER PRIMARY KEY (rowid>?)")]
    [InlineData(ImageSort.Taken, "SEARCH m USING COVERING INDEX metadata_taken (archived=? AND taken<?)")]
    [InlineData(ImageSort.Largest, "SEARCH i USING COVERING INDEX images_bytes (archived=? AND bytes<?)")]
    public async Task Filter_ThatManyMatch_IsTestedOnShortRowsInTheOrderOfTheList(ImageSort sort, string expected)
    {
        var query = new ImageQuery { Sort = sort, MinRating = 4, Camera = "x", Area = new GeoArea(-1, -1, 1, 1) };
        var plan = await PlanAsync(session => new PageQuery(session, query, null, "x") { Narrow = -1 }.Build(new KeysetCursor(1, "1")));
        plan.Select(step => step.Text).ShouldContain(text => text.StartsWith(expected), string.Join('\n', plan));
    }

    [Theory]
    [InlineData("SELECT doc FROM images WHERE version=1")]
    [InlineData("SELECT k FROM (SELECT rowid AS k FROM images INDEXED BY images_bytes WHERE bytes<2 ORDER BY k LIMIT 1) ORDER BY k")] // no "archived"
    public async Task Walks_QueryThatReadsEverything_ContainAScan(string sql) =>
        Walks(await PlanAsync(_ => (sql, []))).ShouldHaveSingleItem().Text.ShouldStartWith("SCAN");

    // What a subquery gives is scanned too, but that is at most a page; the walk is the step within it.
    private static List<Step> Walks(List<Step> plan) => [.. plan.Where(step => step.Text.StartsWith("SEARCH", StringComparison.Ordinal)
        || step.Text.StartsWith("SCAN", StringComparison.Ordinal) && !step.Text.StartsWith("SCAN (subquery", StringComparison.Ordinal))];

    private static async Task<List<Step>> PlanAsync(Func<SqliteSession, (string Sql, object?[] Values)> build)
    {
        using var folder = new TempFolder();
        await using var database = MainDatabase.Open(folder.Data);
        return await database.ReadAsync(session =>
        {
            var (sql, values) = build(session);
            return session.Query("EXPLAIN QUERY PLAN " + sql, row => new Step(row.GetInt32(1), row.GetString(3)), values);
        }, CancellationToken.None);
    }

    private sealed record Step(int Parent, string Text);
}
