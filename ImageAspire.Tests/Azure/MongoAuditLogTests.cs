using ImageAspire.Azure.Audit;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public class MongoAuditLogTests : AuditLogContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo;

    public MongoAuditLogTests()
        : this(MongoTestServer.Standalone)
    {
    }

    private protected MongoAuditLogTests(MongoTestServer server) => _mongo = new MongoTestDatabase(server);

    protected override IAuditLog Open() => new MongoAuditLog(_mongo.Database, TimeProvider.System);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _mongo.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class MongoAuditLogOnReplicaSetTests() : MongoAuditLogTests(MongoTestServer.ReplicaSet);
