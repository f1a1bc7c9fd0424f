namespace ImageAspire.Embedded.Files;

/// <summary>What was made private.</summary>
/// <param name="Count">How many files and folders.</param>
/// <param name="Examples">The names of the first ones, relative to the folder.</param>
internal sealed record Restricted(int Count, IReadOnlyList<string> Examples);

/// <summary>Takes from an existing folder, and all in it, what permissions its group and other users have: files become 600, folders 700.</summary>
internal static class PrivateFolder
{
    private const int MaxExamples = 5;
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite, Folder = File | UnixFileMode.UserExecute;

    /// <summary>
    /// Restricts a folder. Files below are looked at only when the folder itself, or something directly in it, is open to others: a folder of
    /// a million images is walked once. What is directly in it comes last, so that a walk that was interrupted is repeated.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <returns>What was changed, and the first error.</returns>
    public static (Restricted Changed, Exception? Failed) Restrict(string path)
    {
        var root = new DirectoryInfo(path);
        if (OperatingSystem.IsWindows() || !root.Exists)
            return (new Restricted(0, []), null);
        var (count, examples) = (0, new List<string>());
        Exception? failed = null;
        var isOpen = IsOpen(root) || root.EnumerateFileSystemInfos().Any(IsOpen);
        Change(root); // first: from now on nothing below can be reached
        foreach (var one in isOpen ? root.EnumerateFileSystemInfos() : [])
            Walk(one);
        return (new Restricted(count, examples), failed);

        void Walk(FileSystemInfo one)
        {
            if (one.LinkTarget is not null)
                return; // what it leads to is not ours
            foreach (var below in one is DirectoryInfo folder ? folder.EnumerateFileSystemInfos() : [])
                Walk(below);
            Change(one);
        }

        void Change(FileSystemInfo one)
        {
            try
            {
                if (!IsOpen(one))
                    return;
                one.UnixFileMode = one is DirectoryInfo ? Folder : File;
                if (++count <= MaxExamples)
                    examples.Add(one == root ? "the folder itself" : Path.GetRelativePath(path, one.FullName));
            }
            catch (FileNotFoundException)
            {
                // Another process has removed it.
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failed ??= error;
            }
        }
    }

    private static bool IsOpen(FileSystemInfo one) => one.LinkTarget is null && one.Exists && (one.UnixFileMode & ~Folder) != UnixFileMode.None;
}
