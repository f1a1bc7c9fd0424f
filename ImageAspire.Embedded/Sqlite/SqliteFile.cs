using System.Runtime.InteropServices;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>What SQLite knows about a connection's file.</summary>
internal static unsafe partial class SqliteFile
{
    private const string Library = "e_sqlite3";
    private const int HasMovedOpcode = 20; // SQLITE_FCNTL_HAS_MOVED, sqlite.org/c3ref/c_fcntl_begin_atomic_write.html

    /// <summary>Whether the file was moved, deleted or replaced since it was opened. Costs one stat of the file.</summary>
    public static bool HasMoved(SQLitePCL.sqlite3 connection)
    {
        var moved = 0;
        _ = FileControl(connection, null, HasMovedOpcode, &moved); // stays 0 where files cannot be moved while they are open (Windows)
        return moved != 0;
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_file_control")]
    private static partial int FileControl(SQLitePCL.sqlite3 connection, byte* database, int opcode, int* result);
}
