using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageAspire.Embedded.Files;

/// <summary>
/// Opens stored files, and nothing else that lies in their place: a pipe would be waited for without end, a link leads to bytes of others, a
/// device has bytes without end. Such a thing is damage of the store: the file counts as missing. Folders above the file may be links.
/// </summary>
internal static partial class RegularFiles
{
    private const int NoEntry = 2, NoDevice = 6, IsFolder = 21, NoAccess = 13, Interrupted = 4; // errno, the same on Linux and macOS
    private const int LoopLinux = 40, LoopMac = 62; // ELOOP, of a link with O_NOFOLLOW
    private const int ReadOnly = 0, ReadWrite = 2;

    // O_NONBLOCK, O_NOFOLLOW and O_CLOEXEC. Linux has another O_NOFOLLOW on ARM.
    private static readonly int Careful = OperatingSystem.IsMacOS() ? 0x4 | 0x100 | 0x1000000
        : 0x800 | 0x80000 | (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000);

    /// <summary>Opens a file for reading, or for both; null when there is none, or no regular one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="buffer">Size of the stream's buffer in bytes; 0 or 1 for none.</param>
    /// <param name="writable">True to write, too, beside other processes.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static FileStream? Open(string path, int buffer, bool writable = false)
    {
        if (OperatingSystem.IsWindows())
            return OpenWindows(path, buffer, writable);
        int descriptor;
        do
            descriptor = Open(path, (writable ? ReadWrite : ReadOnly) | Careful);
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (descriptor < 0)
            return IsMissing(Marshal.GetLastPInvokeError()) ? null : throw Failure(path);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            if (FileKind.IsRegular(handle))
                return new FileStream(handle, writable ? FileAccess.ReadWrite : FileAccess.Read, buffer);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        handle.Dispose();
        return null;
    }

    /// <summary>A file's size and times; null when there is none, or no regular one.</summary>
    public static FileInfo? Find(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.LinkTarget is null && (OperatingSystem.IsWindows() || FileKind.IsRegular(path)) ? file : null;
    }

    /// <summary>The bytes of a small file; null when there is none, or no regular one.</summary>
    public static byte[]? Read(string path)
    {
        using var file = Open(path, buffer: 0);
        if (file is null)
            return null;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static FileStream? OpenWindows(string path, int buffer, bool writable)
    {
        if (Find(path) is null)
            return null;
        try
        {
            return new FileStream(path, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read,
                (writable ? FileShare.ReadWrite : FileShare.Read) | FileShare.Delete, buffer, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool IsMissing(int error) => error is NoEntry or NoDevice or IsFolder || error == (OperatingSystem.IsMacOS() ? LoopMac : LoopLinux);

    // As .NET's own: with errno as the HResult.
    private static Exception Failure(string path) => Marshal.GetLastPInvokeError() == NoAccess
        ? new UnauthorizedAccessException($"Access to the path '{path}' is denied.")
        : new IOException($"Cannot open '{path}': {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
