using System.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Tests.Embedded;

public sealed class WriterMutexTests : IDisposable
{
    /// <summary>Argument of this assembly's program; a database follows. It holds the lock until its input ends.</summary>
    public const string Argument = "hold-writer-mutex";

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private readonly TempFolder _folder = new();

    private string Database => Path.Combine(_folder.Root, "some.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Acquire_AnotherThreadHasIt_FailsAsBusyAndSucceedsAfterwards()
    {
        using var held = new WriterMutex(Database);
        using var mutex = new WriterMutex(Database, Short);
        using var acquired = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var holder = Task.Run(() => // a named mutex belongs to a thread, which could acquire it again
        {
            using (held.Acquire())
            {
                acquired.Set();
                return end.Wait(TimeSpan.FromSeconds(30));
            }
        });
        acquired.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();

        var error = await Should.ThrowAsync<StoreUnavailableException>(() => Task.Run(() => mutex.Acquire().Dispose()));
        (error.Problem, error.NothingWritten).ShouldBe((StoreProblem.Busy, true));
        end.Set();
        (await holder).ShouldBeTrue();

        await Task.Run(() => mutex.Acquire().Dispose());
    }

    [Fact]
    public async Task Acquire_AProcessWithAnotherTmpHasIt_FailsAllTheSame()
    {
        // As under systemd's PrivateTmp, or in another container: it has the lock, but not the named mutex of this one.
        using var process = Hold();
        (await process.StandardOutput.ReadLineAsync()).ShouldBe("held");
        using var mutex = new WriterMutex(Database, Short);

        (await Should.ThrowAsync<StoreUnavailableException>(() => Task.Run(() => mutex.Acquire().Dispose()))).Problem.ShouldBe(StoreProblem.Busy);
        process.StandardInput.Close();
        await process.WaitForExitAsync();

        await Task.Run(() => mutex.Acquire().Dispose());
    }

    [Fact]
    public async Task Acquire_ItsProcessWasKilled_IsFree()
    {
        using var process = Hold();
        (await process.StandardOutput.ReadLineAsync()).ShouldBe("held");
        process.Kill();
        await process.WaitForExitAsync();
        using var mutex = new WriterMutex(Database, Short);

        await Task.Run(() => mutex.Acquire().Dispose());
    }

    [Fact]
    public async Task Write_MutexIsHeld_IsRefusedAndWritesNothing()
    {
        await using var database = SqliteDatabase.Open(Database, [new Migration("CREATE TABLE t(x)")]);
        using (var other = new ProcessLock(Database + "-writer"))
        {
            other.TryAcquire().ShouldBeTrue();
            var error = await Should.ThrowAsync<StoreUnavailableException>(() =>
                database.WriteAsync(scope => scope.Session.Run("INSERT INTO t VALUES(1)"), Durability.Disk, CancellationToken.None)); // after ten seconds
            (error.Problem, error.NothingWritten).ShouldBe((StoreProblem.Busy, true));
            other.Release();
        }

        (await database.ReadAsync(session => session.Scalar("SELECT count(*) FROM t"), CancellationToken.None)).ShouldBe(0L);
        (await database.WriteAsync(scope => scope.Session.Run("INSERT INTO t VALUES(1)"), Durability.Disk, CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public void Session_MapsNoFileIntoMemory()
    {
        using var session = new SqliteSession(Database, readOnly: false);

        session.Scalar("PRAGMA mmap_size").ShouldBe(0L);
    }

    /// <summary>The program.</summary>
    public static int Run(string database)
    {
        using var held = new ProcessLock(database + "-writer");
        if (!held.TryAcquire())
            return 1;
        Console.WriteLine("held");
        Console.In.ReadToEnd();
        return 0;
    }

    private Process Hold() => Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(WriterMutexTests).Assembly.Location, Argument, Database])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true,
    })!;
}
