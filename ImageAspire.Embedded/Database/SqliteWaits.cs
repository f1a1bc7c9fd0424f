using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageAspire.Embedded.Database;

/// <summary>
/// Makes SQLite wait for as long as it means to. The library in the NuGet bundle is compiled without <c>usleep</c>, so whatever it
/// waits for, a lock or one microsecond for the head of the write-ahead log, it sleeps for a whole second, and everybody whose
/// commit waits with it. SQLite asks its VFS to sleep (sqlite.org/c3ref/vfs.html, <c>xSleep</c>); here that function is exchanged.
/// </summary>
internal static unsafe partial class SqliteWaits
{
    private const string Library = "e_sqlite3";
    private const int MaxMicroseconds = 999_999; // POSIX lets usleep refuse a second or more

    // Together 10 s: often at first, because nearly all locks are held for a millisecond or two.
    private const int ShortTries = 100, LongTries = 990, ShortMilliseconds = 1, LongMilliseconds = 10;

    // Windows' own VFS sleeps in milliseconds.
    private static readonly bool Exchanged = !OperatingSystem.IsWindows() && Exchange();

    /// <summary>Sets how a connection waits for a lock: from a millisecond up, for ten seconds at the most.</summary>
    public static void Set(SQLitePCL.sqlite3 connection)
    {
        _ = Exchanged;
        SetBusyHandler(connection, &WaitForLock, null);
    }

    private static bool Exchange()
    {
        var vfs = FindVfs(null);
        if (vfs is null)
            return false;
        vfs->Sleep = &Sleep;
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sleep(Vfs* vfs, int microseconds)
    {
        _ = SleepMicroseconds((uint)Math.Clamp(microseconds, 1, MaxMicroseconds));
        return microseconds;
    }

    // Without this SQLite asks for a whole second between two tries, because it knows that it was compiled without usleep.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int WaitForLock(void* argument, int tries)
    {
        if (tries >= ShortTries + LongTries)
            return 0;
        _ = SqliteSleep(tries < ShortTries ? ShortMilliseconds : LongMilliseconds);
        return 1;
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_vfs_find")]
    private static partial Vfs* FindVfs(byte* name);

    /// <summary>Sleeps as SQLite would; how many milliseconds SQLite believes to have slept.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_sleep")]
    internal static partial int SqliteSleep(int milliseconds);

    [LibraryImport(Library, EntryPoint = "sqlite3_busy_handler")]
    private static partial int SetBusyHandler(SQLitePCL.sqlite3 connection, delegate* unmanaged[Cdecl]<void*, int, int> handler, void* argument);

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int SleepMicroseconds(uint microseconds);

    /// <summary><c>struct sqlite3_vfs</c>, version 1.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version, FileSize, MaxPath;
        public nint Next, Name, AppData;
        public nint Open, Delete, Access, FullPath, DlOpen, DlError, DlSym, DlClose, Randomness;
        public delegate* unmanaged[Cdecl]<Vfs*, int, int> Sleep;
    }
}
