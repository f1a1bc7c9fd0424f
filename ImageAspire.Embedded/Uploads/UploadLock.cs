using ImageAspire.Embedded.Blobs;

namespace ImageAspire.Embedded.Uploads;

/// <summary>
/// Whose turn it is, among all processes: an open file that nobody else may open (flock on Unix, sharing on Windows). The system lets go
/// of it when its process dies.
/// </summary>
internal sealed class UploadLock : IDisposable
{
    // What the system says of a file that somebody else has: EWOULDBLOCK of Linux, of macOS and the BSDs, ERROR_SHARING_VIOLATION.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];
    private readonly FileStream _file;
    private readonly string _path;

    private UploadLock(FileStream file, string path) => (_file, _path) = (file, path);

    /// <summary>Takes it; null when somebody else has it.</summary>
    public static UploadLock? TryTake(string path)
    {
        try
        {
            return new UploadLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0), path);
        }
        catch (DirectoryNotFoundException)
        {
            return null; // no upload of this key
        }
        catch (IOException error) when (Held.Contains(error.HResult))
        {
            return null;
        }
    }

    /// <summary>Removes the file as well: for an upload that is gone. Whoever has opened it in this moment finds no upload behind it.</summary>
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
