using System.Text.RegularExpressions;

namespace ImageAspire.Embedded.Blobs;

/// <summary>
/// The paths of blobs: <c>blobs/{folder}/{first two characters}/{name}</c>. 256 folders keep each small for a million blobs;
/// the staging folder is beside them, because a file can only be renamed within one file system.
/// </summary>
internal sealed partial class BlobPaths(string root)
{
    /// <summary>Name of the root in a data folder.</summary>
    public const string FolderName = "blobs";

    private const int MaxLength = 200;

    /// <summary>Files that have no final name yet.</summary>
    public string Staging { get; } = Path.Combine(root, ".staging");

    /// <summary>Full path of a blob.</summary>
    /// <exception cref="ArgumentException">Not a valid name; no path outside the store can be formed.</exception>
    public string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name))
            throw new ArgumentException($"'{name}' is not a blob name: folder/name in lower-case ASCII letters, digits, '.' and '-', at most {MaxLength} characters.", nameof(name));
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return Path.Combine(root, name[..slash], name.Substring(slash + 1, 2), name[(slash + 1)..]);
    }

    /// <summary>Whether a text is a valid blob name.</summary>
    public static bool IsName(string name) => name.Length <= MaxLength && Name().IsMatch(name);

    /// <summary>Full path of a folder of blobs.</summary>
    /// <param name="folder">With its <c>/</c>.</param>
    /// <exception cref="ArgumentException">Not a folder's name.</exception>
    public string OfFolder(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Folder().IsMatch(folder)
            ? Path.Combine(root, folder[..^1])
            : throw new ArgumentException($"'{folder}' is not a folder of blobs.", nameof(folder));
    }

    [GeneratedRegex(@"\A[a-z0-9-]+/[a-z0-9]{2}[a-z0-9.-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-z0-9-]+/\z")]
    private static partial Regex Folder();
}
