using System.Runtime.InteropServices;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>
/// Loads SQLite's native library with its own symbols first. On Linux a symbol that several libraries export is bound to the first one
/// loaded: when the system's libvips is in this process, one of its modules has loaded the system's SQLite, and ours would call its
/// functions, of another version. A deep bind prevents that, whatever is loaded before or later.
/// </summary>
internal static unsafe class NativeSqlite
{
    private const string File = "libe_sqlite3.so";

    // glibc's flags; musl has no deep bind, and binds everything when it loads.
    private const int BindNow = 2, DeepBind = 8;

    /// <summary>Loads it before its first use. Where that is not needed or not possible, the runtime loads it as usual.</summary>
    public static void Load()
    {
        if (!OperatingSystem.IsLinux() || Path() is not { } path || Open() is var open && open == null)
            return;
        var name = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            open((byte*)name, BindNow | DeepBind); // stays loaded: later loads of this file get this one
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    // Where the runtime searches for native libraries of packages.
    private static string? Path() => ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory)
        .Select(folder => System.IO.Path.Combine(folder, File)).FirstOrDefault(System.IO.File.Exists);

    private static delegate* unmanaged<byte*, int, nint> Open()
    {
        foreach (var library in (string[])["libc.so.6", "libdl.so.2"]) // libdl up to glibc 2.33
        {
            if (NativeLibrary.TryLoad(library, out var handle) && NativeLibrary.TryGetExport(handle, "dlopen", out var address))
                return (delegate* unmanaged<byte*, int, nint>)address;
        }

        return null;
    }
}
