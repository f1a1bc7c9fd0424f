using System.Runtime.InteropServices;

namespace ImageAspire.Embedded.Database;

/// <summary>
/// Loads SQLite's native library so that it keeps to itself. On Linux a name that several libraries have is bound to the first that made
/// it public: when the system's libvips is in this process, one of its modules has brought the system's SQLite, and ours would call that
/// one's functions, of another version. Loaded in this way ours looks into itself first, whatever came before or comes later.
/// </summary>
internal static unsafe class NativeSqlite
{
    private const string File = "libe_sqlite3.so";

    // Of glibc; musl has no such flag, and binds everything when it loads.
    private const int BindNow = 2, DeepBind = 8;

    /// <summary>Loads it before anybody calls it; where that is not needed or not possible, the runtime loads it as usual.</summary>
    public static void Load()
    {
        if (!OperatingSystem.IsLinux() || Path() is not { } path || Open() is var open && open == null)
            return;
        var name = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            open((byte*)name, BindNow | DeepBind); // stays loaded: who asks for this file later gets this one
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    // Where the runtime looks for native libraries of packages.
    private static string? Path() => ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory)
        .Select(folder => System.IO.Path.Combine(folder, File)).FirstOrDefault(System.IO.File.Exists);

    private static delegate* unmanaged<byte*, int, nint> Open()
    {
        foreach (var library in (string[])["libc.so.6", "libdl.so.2"]) // in the second up to glibc 2.33
        {
            if (NativeLibrary.TryLoad(library, out var handle) && NativeLibrary.TryGetExport(handle, "dlopen", out var address))
                return (delegate* unmanaged<byte*, int, nint>)address;
        }

        return null;
    }
}
