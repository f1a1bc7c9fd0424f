using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class StoredBytesTests : StorageUseContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteDatabase _database;

    public StoredBytesTests() => _database = MainDatabase.Open(_folder.Data);

    protected override IImageCatalog Catalog => new EmbeddedImageCatalog(_database, new NoEvents());

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    protected override IStorageUse Open() => new StoredBytes(_database);
}
