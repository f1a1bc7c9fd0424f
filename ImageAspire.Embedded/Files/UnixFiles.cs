using System.Runtime.InteropServices;
using ImageAspire.Core.Failpoints;
using Microsoft.Win32.SafeHandles;

namespace ImageAspire.Embedded.Files;

/// <summary>What .NET lacks on Unix: syncing a folder, and moving a file to a name only if that is free.</summary>
internal static partial class UnixFiles
{
    private const int NoEntry = 2; // ENOENT and EEXIST have these numbers on Linux, macOS and the BSDs
    private const int Exists = 17;
    private const int NotPermitted = 1; // Linux's error on a file system without links, such as FAT
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000, CloseOnExecMac = 0x1000000; // O_CLOEXEC

    /// <summary>
    /// Makes the names in a folder durable. Not needed on Windows: NTFS journals metadata, and folders cannot be flushed there.
    /// </summary>
    /// <exception cref="IOException">The disk did not confirm.</exception>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw Failure("open", path);
        try
        {
            if (Fsync(descriptor) != 0)
                throw Failure("sync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Whether <see cref="SyncFileSystem"/> does anything here.</summary>
    public static bool CanSyncFileSystem { get; } = OperatingSystem.IsLinux();

    /// <summary>Makes everything durable that was written to the file system of a folder, with one call for many files. Linux only.</summary>
    /// <exception cref="IOException">The disk did not confirm.</exception>
    public static void SyncFileSystem(string path)
    {
        if (!CanSyncFileSystem)
            return;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw Failure("open", path);
        try
        {
            if (Syncfs(descriptor) != 0)
                throw Failure("sync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Opens a file without a lock of .NET's on it. Programs that this process starts do not inherit it.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenForLock(string path)
    {
        var descriptor = Open(path, ReadOnly | (OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExec));
        return descriptor < 0 ? throw Failure("open", path) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Creates a hard link; false where that is impossible: across file systems, or on one without links.</summary>
    public static bool TryLink(string from, string to) => !OperatingSystem.IsWindows() && Link(from, to) == 0;

    /// <summary>
    /// Moves a file to a name that must be free, atomically between processes; false when the name is taken.
    /// link() is used because rename() replaces what is there, and <see cref="File.Move(string, string)"/> checks first and moves then.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The target's folder does not exist.</exception>
    /// <exception cref="IOException">Anything else.</exception>
    public static bool TryMove(string from, string to)
    {
        if (OperatingSystem.IsWindows())
            return TryRename(from, to);
        if (Link(from, to) != 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                Exists => false,
                NotPermitted => TryRename(from, to),
                NoEntry => throw new DirectoryNotFoundException($"'{from}' or the folder of '{to}' does not exist."),
                _ => throw Failure("link", to),
            };
        }

        Failpoint.Hit(FailpointNames.BlobLinked);
        File.Delete(from);
        return true;
    }

    /// <summary>Deletes a file; false when there was none. Exactly one of several callers gets true.</summary>
    public static bool TryDelete(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!File.Exists(path))
                return false;
            File.Delete(path);
            return true;
        }

        if (Unlink(path) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == NoEntry ? false : throw Failure("delete", path);
    }

    // Atomic on Windows (MoveFileEx without MOVEFILE_REPLACE_EXISTING). Elsewhere .NET checks first, and another process could be faster;
    // but two blobs of one name are the same image's, with the same bytes.
    private static bool TryRename(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    private static IOException Failure(string what, string path) =>
        new($"Cannot {what} '{path}': {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError()); // with errno as the HResult, like .NET's own

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int Syncfs(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);
}
