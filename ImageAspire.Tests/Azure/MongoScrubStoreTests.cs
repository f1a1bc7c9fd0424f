using ImageAspire.Azure.Scrub;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoScrubProgressStoreTests : ScrubProgressStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IScrubProgressStore Open() => new MongoScrubProgressStore(_mongo.Database);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}

public sealed class MongoScrubFindingStoreTests : ScrubFindingStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IScrubFindingStore Open() => new MongoScrubFindingStore(_mongo.Database);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
