using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Search;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoImageTrashTests : ImageTrashContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IImageTrash Trash => new MongoImageTrash(_mongo.Database);

    protected override IImageCatalog Catalog => new MongoImageCatalog(_mongo.Database, new OutboxQueue(), TimeProvider.System);

    protected override IVectorIndex Vectors => new MongoVectorIndex(_mongo.Database);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
