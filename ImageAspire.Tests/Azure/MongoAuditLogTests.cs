using ImageAspire.Azure.Audit;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoAuditLogTests : AuditLogContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IAuditLog Open() => new MongoAuditLog(_mongo.Database, TimeProvider.System);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
