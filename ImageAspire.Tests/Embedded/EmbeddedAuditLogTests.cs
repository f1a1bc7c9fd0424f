using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Contracts;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedAuditLogTests : AuditLogContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];

    [Theory]
    [InlineData("UPDATE audit SET actor='other'")]
    [InlineData("DELETE FROM audit")]
    public async Task File_AnyOtherStatementThanAppend_Refused(string sql)
    {
        var log = Open();
        await log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), CancellationToken.None);

        (await Should.ThrowAsync<SqliteException>(() => _databases[0].WriteAsync(scope => scope.Session.Run(sql), Durability.Process, CancellationToken.None)))
            .Message.ShouldContain("append-only");

        (await log.QueryAsync(new AuditQuery { Actor = "someone" }, CancellationToken.None)).Items.Count.ShouldBe(1);
    }

    protected override IAuditLog Open()
    {
        _databases.Add(AuditSchema.Open(_folder.Data));
        return new EmbeddedAuditLog(_databases[^1]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>The same with the index of times at work from the first entry on, as it is in a long log.</summary>
public sealed class EmbeddedAuditLogTimeIndexTests : AuditLogContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];

    protected override IAuditLog Open()
    {
        _databases.Add(AuditSchema.Open(_folder.Data));
        return new EmbeddedAuditLog(_databases[^1], near: 0);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        _folder.Dispose();
    }
}
