namespace ImageAspire.Core.Ports;

/// <summary>A file for bytes that no one must find after this process: no other user may read it, and it goes with its handle, also when the process dies.</summary>
public static class TemporaryFile
{
    private const int Buffer = 64 * 1024;
    private const string Prefix = "imageaspire-";

    // A process that dies between making a file and removing its name leaves an empty one.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);
    private static readonly Lazy<bool> Cleaned = new(Clean);

    /// <summary>Makes an empty file in the system's folder for temporary files.</summary>
    /// <returns>To write and to read; disposing it ends the file.</returns>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FileStream Create()
    {
        _ = Cleaned.Value;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = Buffer,
            Options = FileOptions.Asynchronous | (OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None),
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"{Prefix}{Guid.NewGuid():N}.tmp"), options);
        if (!OperatingSystem.IsWindows())
            File.Delete(file.Name); // Windows itself deletes on close, however the handle is closed
        return file;
    }

    private static bool Clean()
    {
        var before = TimeProvider.System.GetUtcNow() - AbandonedAfter;
        foreach (var file in new DirectoryInfo(Path.GetTempPath()).EnumerateFiles($"{Prefix}*.tmp"))
        {
            try
            {
                if (file.LastWriteTimeUtc < before)
                    file.Delete();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Of another user.
            }
        }

        return true;
    }
}
