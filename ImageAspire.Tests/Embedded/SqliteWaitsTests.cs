using ImageAspire.Embedded.Database;

namespace ImageAspire.Tests.Embedded;

public sealed class SqliteWaitsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sleep_OfAMillisecond_IsNotASecond()
    {
        using var session = new SqliteSession(Path.Combine(_folder.Root, "waits.db"), readOnly: false);

        // SQLite answers with the time that its VFS says it slept; the bundled library's own says 1000.
        SqliteWaits.SqliteSleep(1).ShouldBe(1);
    }

    [Fact]
    public async Task Writer_WhileAnotherConnectionHoldsTheLock_WaitsForIt()
    {
        var path = Path.Combine(_folder.Root, "waits.db");
        using var first = new SqliteSession(path, readOnly: false);
        using var second = new SqliteSession(path, readOnly: false);
        first.Run("CREATE TABLE t(x)");
        first.Run("BEGIN IMMEDIATE");

        var waiting = Task.Run(() => second.Run("INSERT INTO t VALUES(2)"));
        first.Run("INSERT INTO t VALUES(1)");
        first.Run("COMMIT");

        (await waiting).ShouldBe(1);
        first.Query("SELECT x FROM t ORDER BY rowid", row => row.GetInt32(0)).ShouldBe([1, 2]);
    }
}
