using ImageAspire.Emulators;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

/// <summary>A server for all tests of a run: our stand-in in this process, or the real one that IMAGEASPIRE_TEST_MONGO names.</summary>
internal sealed class MongoTestServer
{
    private const string Variable = "IMAGEASPIRE_TEST_MONGO";

    // Tests have clocks of their own, which stand still in the past: what expires by them would be removed while they run.
    private static readonly MongoStandInOptions WithoutExpiry = new() { ExpireEvery = Timeout.InfiniteTimeSpan };

    private readonly Lazy<Task<MongoClient>> _client;

    // One pool of connections for all tests, as in a service. The stand-in ends with the process.
    private MongoTestServer(MongoStandInOptions options) => _client = new(async () => new MongoClient(RealServer ?? (await MongoStandIn.StartAsync(options)).ConnectionString));

    /// <summary>The connection string of a real server; null: there is none, and the stand-in is used.</summary>
    public static string? RealServer { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : null;

    /// <summary>A standalone server: the driver sends no write twice.</summary>
    public static MongoTestServer Standalone { get; } = new(WithoutExpiry);

    /// <summary>The only member of a replica set: the driver sends a write again after an error of the network.</summary>
    public static MongoTestServer ReplicaSet { get; } = new(WithoutExpiry with { ReplicaSet = "tests" });

    /// <summary>A database of its own.</summary>
    public async Task<IMongoDatabase> CreateDatabaseAsync() => (await _client.Value).GetDatabase($"imageaspire-test-{Guid.NewGuid():N}");
}
