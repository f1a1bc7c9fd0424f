using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Tests.Embedded;

/// <summary>A limit of the database's size stands in for a full disk: SQLite reports both in the same way.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Commit_NoSpaceLeft_IOExceptionAndGoesOnWhenThereIsSpace()
    {
        await using var database = MainDatabase.Open(_folder.Data);
        var catalog = new EmbeddedImageCatalog(database, new NoEvents());
        var first = Samples.Image();
        await catalog.CommitAsync([first.Insert()], CancellationToken.None);

        await SetMaxPagesAsync(database, 1); // SQLite raises it to what is in use
        await Should.ThrowAsync<IOException>(() => catalog.CommitAsync(Large(), CancellationToken.None));
        (await catalog.QueryAsync(new ImageQuery(), CancellationToken.None)).Items.Select(r => r.Id).ShouldBe([first.Id]);
        (await catalog.CountAsync(Facet.Status, 10, CancellationToken.None)).ShouldBe([new FacetCount("received", 1)]);

        await SetMaxPagesAsync(database, 1_000_000);
        (await catalog.CommitAsync(Large(), CancellationToken.None)).ShouldAllBe(r => r == CommitResult.Applied);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<object?> SetMaxPagesAsync(SqliteDatabase database, int pages) =>
        database.WriteAsync(scope => scope.Session.Scalar($"PRAGMA max_page_count={pages}"), Durability.Process, CancellationToken.None);

    private static Transition[] Large() => [.. Enumerable.Range(0, 50).Select(i =>
        Samples.Image(new string('n', 190) + i, i).Seen(new string('c', 4000), []).Insert())];
}
