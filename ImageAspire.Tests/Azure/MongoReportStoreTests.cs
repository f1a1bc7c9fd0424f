using ImageAspire.Azure.Reports;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public class MongoReportStoreTests : ReportStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo;

    public MongoReportStoreTests()
        : this(MongoTestServer.Standalone)
    {
    }

    private protected MongoReportStoreTests(MongoTestServer server) => _mongo = new MongoTestDatabase(server);

    protected override IReportStore Open() => new MongoReportStore(_mongo.Database, TimeProvider.System);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _mongo.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class MongoReportStoreOnReplicaSetTests() : MongoReportStoreTests(MongoTestServer.ReplicaSet);
