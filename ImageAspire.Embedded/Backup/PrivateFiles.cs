using ImageAspire.Embedded.Blobs;

namespace ImageAspire.Embedded.Backup;

/// <summary>Files and folders for this user alone: photos, hashes of keys and secrets of webhooks are nobody else's.</summary>
internal static class PrivateFiles
{
    private const int Buffer = 128 * 1024;

    /// <summary>Makes a file that must not be there yet.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, BufferSize = Buffer };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Makes a folder, and those above it; one that is there stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path); // a profile's folders are private by inheritance
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a text so that it is there as a whole and durable, or not at all.</summary>
    public static async Task WriteAtOnceAsync(string path, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        var staged = path + ".part";
        await using (var file = Create(staged))
        {
            await file.WriteAsync(text, cancellationToken);
            await file.FlushAsync(cancellationToken);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }

        File.Move(staged, path, overwrite: false);
        UnixFiles.SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>A path with every link in it followed, also when its end is not there yet, to tell whether one folder is inside another.</summary>
    public static string Real(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        var here = Path.Combine(Real(parent), Path.GetFileName(full));
        return Path.Exists(here) && new DirectoryInfo(here).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Real(target.FullName) : here;
    }

    /// <summary>Whether a folder is another one, or inside of it.</summary>
    public static bool IsInside(string folder, string other) =>
        (Real(folder) + Path.DirectorySeparatorChar).StartsWith(Real(other) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
