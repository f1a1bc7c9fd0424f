using ImageAspire.Azure.ApiKeys;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoSpentTokenStoreTests : SpentTokenStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override ISpentTokenStore Open() => new MongoSpentTokenStore(_mongo.Database);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
