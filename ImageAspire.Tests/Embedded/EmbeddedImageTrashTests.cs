using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Search;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

/// <summary>The same when every filter matches too many records to sort them.</summary>
public sealed class EmbeddedImageTrashScanTests : EmbeddedImageTrashTests
{
    protected override int Narrow => -1;
}

public class EmbeddedImageTrashTests : ImageTrashContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteDatabase _database;

    public EmbeddedImageTrashTests() => _database = MainDatabase.Open(_folder.Data);

    protected virtual int Narrow => PageStart.UsualNarrow;

    protected override IImageTrash Trash => new EmbeddedImageTrash(_database);

    protected override IImageCatalog Catalog => new EmbeddedImageCatalog(_database, new NoEvents()) { Narrow = Narrow };

    protected override IVectorIndex Vectors => new EmbeddedVectorIndex(_database);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
