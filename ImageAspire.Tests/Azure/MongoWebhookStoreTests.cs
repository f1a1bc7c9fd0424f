using ImageAspire.Azure.Webhooks;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public class MongoWebhookStoreTests : WebhookStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo;

    public MongoWebhookStoreTests()
        : this(MongoTestServer.Standalone)
    {
    }

    private protected MongoWebhookStoreTests(MongoTestServer server) => _mongo = new MongoTestDatabase(server);

    protected override (IWebhookStore Webhooks, IWebhookDeliveries Deliveries) Open() =>
        (new MongoWebhookStore(_mongo.Database), new MongoWebhookDeliveries(_mongo.Database, Clock));

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _mongo.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class MongoWebhookStoreOnReplicaSetTests() : MongoWebhookStoreTests(MongoTestServer.ReplicaSet);
