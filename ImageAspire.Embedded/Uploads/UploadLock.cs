using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Uploads;

/// <summary>
/// The exclusive right to change an upload, among all processes: a file opened without sharing (flock on Unix, a share mode on Windows).
/// The operating system releases it when the process dies.
/// </summary>
internal sealed class UploadLock : IDisposable
{
    // The error when another process has the file: EWOULDBLOCK of Linux, of macOS and the BSDs, ERROR_SHARING_VIOLATION.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];
    private readonly FileStream _file;
    private readonly string _path;

    private UploadLock(FileStream file, string path) => (_file, _path) = (file, path);

    /// <summary>Acquires the lock; null when another process has it.</summary>
    public static UploadLock? TryAcquire(string path)
    {
        try
        {
            return new UploadLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0), path);
        }
        catch (DirectoryNotFoundException)
        {
            return null; // no upload of this key
        }
        catch (IOException error) when (InUse.Contains(error.HResult))
        {
            return null;
        }
    }

    /// <summary>Removes the file as well, when the upload is removed. A process that opens it at this moment finds no upload.</summary>
    public void Remove()
    {
        if (!OperatingSystem.IsWindows())
            UnixFiles.TryDelete(_path);
        Dispose();
        if (OperatingSystem.IsWindows())
            UnixFiles.TryDelete(_path);
    }

    public void Dispose() => _file.Dispose();
}
