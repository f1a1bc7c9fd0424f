using MongoDB.Driver;

namespace ImageAspire.Azure.Mongo;

/// <summary>Options of queries.</summary>
internal static class MongoQueries
{
    /// <summary>The server cancels a query that takes longer.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    /// <summary>A page in one batch: the server's own first batch has 101 documents.</summary>
    public static FindOptions PageOptions(int limit) => new() { MaxTime = MaxTime, AllowDiskUse = true, BatchSize = limit + 2 };
}
