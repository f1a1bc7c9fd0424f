using ImageAspire.Azure.Reports;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

[NeedsServer(MongoTestDatabase.Variable, MongoTestDatabase.Server)]
public sealed class MongoReportStoreTests : ReportStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IReportStore Open() => new MongoReportStore(_mongo.Database, TimeProvider.System);

    public Task InitializeAsync() => _mongo.InitializeAsync();

    public Task DisposeAsync() => _mongo.DisposeAsync();
}
