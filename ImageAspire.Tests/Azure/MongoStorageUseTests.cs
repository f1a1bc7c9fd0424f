using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoStorageUseTests : StorageUseContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IImageCatalog Catalog => new MongoImageCatalog(_mongo.Database, new OutboxQueue(), TimeProvider.System);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    protected override IStorageUse Open() => new MongoStorageUse(_mongo.Database);
}
