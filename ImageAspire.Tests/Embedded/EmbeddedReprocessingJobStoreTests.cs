using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Database;
using ImageAspire.Embedded.Operations;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedReprocessingJobStoreTests : ReprocessingJobStoreContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];

    protected override IReprocessingJobStore Open()
    {
        _databases.Add(EmbeddedReprocessingJobStore.OpenFile(_folder.Options));
        return new EmbeddedReprocessingJobStore(_databases[^1]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        _folder.Dispose();
    }
}
