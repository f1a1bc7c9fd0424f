namespace ImageAspire.Embedded.Files;

/// <summary>Files and folders that only this user can read: they hold images, hashes of keys and secrets of webhooks.</summary>
internal static class PrivateFiles
{
    private const int Buffer = 128 * 1024;

    /// <summary>Creates a file that must not exist yet.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, BufferSize = Buffer };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Creates a folder and its missing parents. An existing folder keeps its permissions.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path); // a profile's folders are private by inheritance
            return;
        }

        // .NET gives the mode to the last folder only.
        if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) is { } parent && !Directory.Exists(parent))
            CreateFolder(parent);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a small file atomically and durably.</summary>
    public static async Task WriteAtomicallyAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var staged = path + ".part";
        await using (var file = Create(staged))
        {
            await file.WriteAsync(content, cancellationToken);
            await file.FlushAsync(cancellationToken);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }

        File.Move(staged, path, overwrite: false);
        UnixFiles.SyncFolder(Path.GetDirectoryName(path)!);
    }
}
