using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageAspire.Embedded.Files;

/// <summary>
/// An exclusive lock among processes, by a file: every process that uses the data folder finds it, whatever container, user or private
/// <c>/tmp</c> it has. It ends with the process that holds it.
/// </summary>
internal sealed partial class ProcessLock : IDisposable
{
    private const int Exclusive = 2, NotBlocking = 4, Unlock = 8; // LOCK_EX, LOCK_NB, LOCK_UN
    private const int WouldBlockLinux = 11, WouldBlockMac = 35;
    private readonly string _path;
    private readonly FileStream? _windows;
    private readonly SafeFileHandle? _unix;

    /// <summary>Opens the file, and creates it if it is missing.</summary>
    /// <param name="path">The file; it stays empty.</param>
    public ProcessLock(string path)
    {
        _path = path;
        if (OperatingSystem.IsWindows())
        {
            _windows = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return;
        }

        // Not kept: .NET takes a shared lock of its own on every file that it opens.
        if (!File.Exists(path))
            Create(path);
        _unix = UnixFiles.OpenForLock(path);
    }

    /// <summary>Acquires the lock; false when another process, or another instance of this class, has it.</summary>
    /// <exception cref="IOException">The file system has no locks.</exception>
    public bool TryAcquire() => OperatingSystem.IsWindows() ? TryAcquireOnWindows() : TryAcquireOnUnix();

    /// <summary>Releases it.</summary>
    public void Release()
    {
        if (OperatingSystem.IsWindows())
            _windows!.Unlock(0, 1);
        else
            _ = Flock(_unix!, Unlock);
    }

    public void Dispose()
    {
        _windows?.Dispose();
        _unix?.Dispose();
    }

    private static void Create(string path)
    {
        try
        {
            PrivateFiles.Create(path).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
    }

    private bool TryAcquireOnUnix()
    {
        if (Flock(_unix!, Exclusive | NotBlocking) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is WouldBlockLinux or WouldBlockMac ? false
            : throw new IOException($"Cannot lock '{_path}': {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
    }

    private bool TryAcquireOnWindows()
    {
        try
        {
            if (OperatingSystem.IsWindows()) // for the analyzer
                _windows!.Lock(0, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
