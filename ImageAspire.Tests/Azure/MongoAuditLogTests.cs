using ImageAspire.Azure.Audit;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

[NeedsServer(MongoTestDatabase.Variable, MongoTestDatabase.Server)]
public sealed class MongoAuditLogTests : AuditLogContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IAuditLog Open() => new MongoAuditLog(_mongo.Database, TimeProvider.System);

    public Task InitializeAsync() => _mongo.InitializeAsync();

    public Task DisposeAsync() => _mongo.DisposeAsync();
}
