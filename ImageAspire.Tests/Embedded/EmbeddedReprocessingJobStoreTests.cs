using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Reprocessing;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedReprocessingJobStoreTests : ReprocessingJobStoreContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];

    protected override IReprocessingJobStore Open()
    {
        _databases.Add(EmbeddedReprocessingJobStore.OpenFile(_folder.Data));
        return new EmbeddedReprocessingJobStore(_databases[^1]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        _folder.Dispose();
    }
}
