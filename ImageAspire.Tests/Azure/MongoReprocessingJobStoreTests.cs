using ImageAspire.Azure.Reprocessing;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

[NeedsServer(MongoTestDatabase.Variable, MongoTestDatabase.Server)]
public sealed class MongoReprocessingJobStoreTests : ReprocessingJobStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IReprocessingJobStore Open() => new MongoReprocessingJobStore(_mongo.Database);

    public Task InitializeAsync() => _mongo.InitializeAsync();

    public Task DisposeAsync() => _mongo.DisposeAsync();
}
