using System.Runtime.InteropServices;

namespace ImageAspire.Embedded.Database;

/// <summary>What SQLite knows of the file behind a connection.</summary>
internal static unsafe partial class SqliteFile
{
    private const string Library = "e_sqlite3";
    private const int HasMovedQuestion = 20; // SQLITE_FCNTL_HAS_MOVED, sqlite.org/c3ref/c_fcntl_begin_atomic_write.html

    /// <summary>Whether the file was moved, deleted or replaced since it was opened. It costs one look at the folder.</summary>
    public static bool HasMoved(SQLitePCL.sqlite3 connection)
    {
        var moved = 0;
        _ = FileControl(connection, null, HasMovedQuestion, &moved); // where the system cannot tell (Windows keeps open files), it stays 0
        return moved != 0;
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_file_control")]
    private static partial int FileControl(SQLitePCL.sqlite3 connection, byte* database, int question, int* answer);
}
