using ImageAspire.Azure.Reprocessing;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoReprocessingJobStoreTests : ReprocessingJobStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IReprocessingJobStore Open() => new MongoReprocessingJobStore(_mongo.Database);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
