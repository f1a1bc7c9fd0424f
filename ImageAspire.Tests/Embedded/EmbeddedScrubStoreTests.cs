using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Operations;
using ImageAspire.Embedded.Scrub;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedScrubProgressStoreTests : ScrubProgressStoreContract, IAsyncDisposable
{
    private readonly OperationsFile _file = new();

    protected override IScrubProgressStore Open() => new EmbeddedScrubProgressStore(_file.Open());

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}

public sealed class EmbeddedScrubFindingStoreTests : ScrubFindingStoreContract, IAsyncDisposable
{
    private readonly OperationsFile _file = new();

    protected override IScrubFindingStore Open() => new EmbeddedScrubFindingStore(_file.Open());

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}

/// <summary>A file of its own for each test, opened as often as there are processes.</summary>
internal sealed class OperationsFile : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];

    public SqliteDatabase Open()
    {
        _databases.Add(OperationsSchema.Open(_folder.Data));
        return _databases[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        _folder.Dispose();
    }
}
