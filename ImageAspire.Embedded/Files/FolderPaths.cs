namespace ImageAspire.Embedded.Files;

/// <summary>Compares folders by where they really are.</summary>
internal static class FolderPaths
{
    /// <summary>Whether a folder is another one, or inside it.</summary>
    public static bool IsInside(string folder, string other) =>
        (Resolve(folder) + Path.DirectorySeparatorChar).StartsWith(Resolve(other) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Follows every link in the path, also when the last part does not exist yet.
    private static string Resolve(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        var resolved = Path.Combine(Resolve(parent), Path.GetFileName(full));
        return Path.Exists(resolved) && new DirectoryInfo(resolved).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Resolve(target.FullName) : resolved;
    }
}
