using ImageAspire.Azure.ApiKeys;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public class MongoApiKeyStoreTests : ApiKeyStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo;

    public MongoApiKeyStoreTests()
        : this(MongoTestServer.Standalone)
    {
    }

    private protected MongoApiKeyStoreTests(MongoTestServer server) => _mongo = new MongoTestDatabase(server);

    protected override IApiKeyStore Open() => new MongoApiKeyStore(_mongo.Database, Clock);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _mongo.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class MongoApiKeyStoreOnReplicaSetTests() : MongoApiKeyStoreTests(MongoTestServer.ReplicaSet);
