using ImageAspire.Azure.ApiKeys;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoApiKeyStoreTests : ApiKeyStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IApiKeyStore Open() => new MongoApiKeyStore(_mongo.Database, Clock);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
