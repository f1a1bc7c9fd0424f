using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Reports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedReportStoreTests : ReportStoreContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];

    protected override IReportStore Open()
    {
        _databases.Add(ReportSchema.Open(_folder.Data));
        return new EmbeddedReportStore(_databases[^1], TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        _folder.Dispose();
    }
}
