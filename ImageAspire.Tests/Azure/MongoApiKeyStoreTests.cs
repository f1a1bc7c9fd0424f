using ImageAspire.Azure.ApiKeys;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

[NeedsServer(MongoTestDatabase.Variable, MongoTestDatabase.Server)]
public sealed class MongoApiKeyStoreTests : ApiKeyStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IApiKeyStore Open() => new MongoApiKeyStore(_mongo.Database, Clock);

    public Task InitializeAsync() => _mongo.InitializeAsync();

    public Task DisposeAsync() => _mongo.DisposeAsync();
}
