using System.Runtime.InteropServices;
using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Tests.Embedded;

public sealed partial class SqliteSessionTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _path;

    public SqliteSessionTests() => _path = Path.Combine(_folder.Root, "session.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_LoadedSqlite_IsTheOneOfThePackage()
    {
        using var session = new SqliteSession(_path, readOnly: false);

        Version.Parse(session.Connection.ServerVersion).ShouldBeGreaterThanOrEqualTo(new Version(3, 53, 3));
        session.Scalar("SELECT sqlite_compileoption_used('ENABLE_FTS5')").ShouldBe(1L);
    }

    [Fact]
    public void Sleep_OfAMillisecond_IsNotASecond()
    {
        using var session = new SqliteSession(_path, readOnly: false);

        // SQLite answers with the time that it slept. A library compiled without usleep sleeps whole seconds, also for a lock held for a moment.
        SqliteSleep(1).ShouldBe(1);
    }

    [Theory]
    [InlineData("3.35.5", true)]
    [InlineData("3.51.2", true)]
    [InlineData("3.51.3", false)]
    [InlineData("4.0.0", false)]
    public void Check_Version_RefusesOnesThatCanLoseData(string version, bool refused)
    {
        var error = Record.Exception(() => SqliteVersion.Check(version));

        (error is not null).ShouldBe(refused);
        if (refused)
            error.ShouldBeOfType<StoreUnavailableException>().Message.ShouldContain($"SQLite {version} was loaded");
    }

    [Fact]
    public async Task Writer_WhileAnotherConnectionHoldsTheLock_WaitsForIt()
    {
        using var first = new SqliteSession(_path, readOnly: false);
        using var second = new SqliteSession(_path, readOnly: false);
        first.Run("CREATE TABLE t(x)");
        first.Run("BEGIN IMMEDIATE");

        var waiting = Task.Run(() => second.Run("INSERT INTO t VALUES(2)"));
        first.Run("INSERT INTO t VALUES(1)");
        first.Run("COMMIT");

        (await waiting).ShouldBe(1);
        first.Query("SELECT x FROM t ORDER BY rowid", row => row.GetInt32(0)).ShouldBe([1, 2]);
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_sleep")]
    private static partial int SqliteSleep(int milliseconds);
}
