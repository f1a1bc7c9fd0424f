using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Reports;

/// <summary>Sums slots per day, on the server: four aggregations that return a few rows for each day.</summary>
internal sealed class DailyFigures(IMongoCollection<BsonDocument> slots)
{
    private const int TopTags = 20;
    private static readonly string[] Counts = ["received", "bytes", "analyzed", "rejected", "failed", "deleted"];

    /// <summary>The days that have any slot, oldest first.</summary>
    public async Task<IReadOnlyList<DailyReport>> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var match = Stage("$match", new BsonDocument("day", new BsonDocument { { "$gte", SlotUpdate.Day(from) }, { "$lte", SlotUpdate.Day(to) } }));
        var days = await RunAsync([match, .. SumPerDay()], cancellationToken);
        if (days.Count == 0)
            return [];
        var failures = await RunAsync([match, .. CountPerDay("failures")], cancellationToken);
        var buckets = await RunAsync([match, .. CountPerDay("buckets")], cancellationToken);
        var tags = await RunAsync([match, .. CountPerDay("tags"), .. TopPerDay()], cancellationToken);
        var (failuresOf, bucketsOf) = (failures.ToLookup(row => row["_id"]["day"]), buckets.ToLookup(row => row["_id"]["day"]));
        var tagsOf = tags.ToDictionary(row => row["_id"], row => row["top"].AsBsonArray);
        return [.. days.Select(day => Report(day, failuresOf[day["_id"]], [.. bucketsOf[day["_id"]]], tagsOf.GetValueOrDefault(day["_id"])))];
    }

    private static DailyReport Report(BsonDocument day, IEnumerable<BsonDocument> failures, List<BsonDocument> buckets, BsonArray? tags)
    {
        var durations = buckets.ConvertAll(row => (row["_id"]["value"].ToInt32(), row["count"].ToInt64()));
        return new DailyReport
        {
            Day = DateOnly.FromDateTime(day["_id"].ToUniversalTime()),
            Received = day["received"].ToInt64(), Bytes = day["bytes"].ToInt64(), Analyzed = day["analyzed"].ToInt64(),
            Rejected = day["rejected"].ToInt64(), Failed = day["failed"].ToInt64(), Deleted = day["deleted"].ToInt64(),
            TimeToAnalyzedP50 = DurationHistogram.Percentile(durations, 0.5), TimeToAnalyzedP95 = DurationHistogram.Percentile(durations, 0.95),
            Failures = failures.ToDictionary(row => row["_id"]["value"].AsString, row => row["count"].ToInt64()),
            Tags = tags?.ToDictionary(row => row["value"].AsString, row => row["count"].ToInt64()) ?? [],
        };
    }

    private static IEnumerable<BsonDocument> SumPerDay()
    {
        var sums = new BsonDocument("_id", "$day");
        foreach (var count in Counts)
            sums.Add(count, new BsonDocument("$sum", "$" + count));
        yield return Stage("$group", sums);
        yield return Stage("$sort", new BsonDocument("_id", 1));
    }

    // Rows of day, value and count; within a day the most frequent first.
    private static IEnumerable<BsonDocument> CountPerDay(string field) =>
    [
        Stage("$project", new BsonDocument { { "_id", 0 }, { "day", 1 }, { "value", "$" + field } }),
        Stage("$unwind", "$value"),
        Stage("$group", new BsonDocument { { "_id", new BsonDocument { { "day", "$day" }, { "value", "$value" } } }, { "count", new BsonDocument("$sum", 1) } }),
        Stage("$sort", new BsonDocument { { "_id.day", 1 }, { "count", -1 }, { "_id.value", 1 } }),
    ];

    private static IEnumerable<BsonDocument> TopPerDay() =>
    [
        Stage("$group", new BsonDocument { { "_id", "$_id.day" }, { "top", new BsonDocument("$push", new BsonDocument { { "value", "$_id.value" }, { "count", "$count" } }) } }),
        Stage("$project", new BsonDocument("top", new BsonDocument("$slice", new BsonArray { "$top", TopTags }))),
    ];

    private static BsonDocument Stage(string name, BsonValue body) => new(name, body);

    private Task<List<BsonDocument>> RunAsync(IEnumerable<BsonDocument> stages, CancellationToken cancellationToken) => slots
        .Aggregate(PipelineDefinition<BsonDocument, BsonDocument>.Create(stages), new AggregateOptions { MaxTime = MongoQueries.MaxTime, AllowDiskUse = true }, cancellationToken)
        .ToListAsync(cancellationToken);
}
