using ImageAspire.Azure.Reports;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoReportStoreTests : ReportStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IReportStore Open() => new MongoReportStore(_mongo.Database, TimeProvider.System);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
