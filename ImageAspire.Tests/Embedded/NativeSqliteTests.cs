using System.Diagnostics;
using System.Runtime.InteropServices;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Embedded;

/// <summary>Our SQLite beside the system's in one process, as when the system's libvips has brought that.</summary>
public sealed partial class NativeSqliteTests
{
    /// <summary>Argument of this assembly's program; the folder to work in follows.</summary>
    public const string Argument = "beside-another-sqlite";

    private const string Other = "libsqlite3.so.0";

    [Fact]
    public async Task Database_SystemsSqliteIsPublicInTheProcess_UsesOurOwn()
    {
        Requires.SystemLibrary(Other, "libsqlite3-0");
        using var folder = new TempFolder();
        // In a process of its own: functions of two versions mixed end the process.
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(NativeSqliteTests).Assembly.Location, Argument, folder.Root]))!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        process.ExitCode.ShouldBe(0);
    }

    /// <summary>The program: 0 when the database works.</summary>
    public static int Run(string folder)
    {
        const int bindNow = 2, everywhere = 0x100; // RTLD_NOW, RTLD_GLOBAL
        if (Open(Other, bindNow | everywhere) == 0)
            return 3;
        using var session = new SqliteSession(Path.Combine(folder, "mixed.db"), readOnly: false);
        session.Run("CREATE VIRTUAL TABLE words USING fts5(word, prefix='1 2')");
        session.Run("INSERT INTO words VALUES('hello')");
        return session.Scalar("SELECT count(*) FROM words WHERE words MATCH 'hel*'") is 1L ? 0 : 1;
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string file, int flags);
}
