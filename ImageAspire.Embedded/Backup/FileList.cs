using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Backup;

/// <summary>A file of a backup.</summary>
/// <param name="Path">Relative to the backup, with <c>/</c>.</param>
/// <param name="Digest">Its size and SHA-256.</param>
internal sealed record ListedFile(string Path, FileDigest Digest)
{
    /// <summary>Name of the blob; null for a database.</summary>
    public string? Blob => Path.Split('/') is [_, var folder, _, var name] ? $"{folder}/{name}" : null;
}

/// <summary>The list of files of a backup, one per line: digest, two spaces, size, two spaces, path. Streamed, because there may be millions.</summary>
internal static class FileList
{
    public const string FileName = "files.txt";

    private const string Separator = "  ";
    private const int MaxLine = 400;

    /// <summary>Appends a file.</summary>
    public static Task WriteAsync(TextWriter writer, ListedFile file) =>
        writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{file.Digest.Sha256}{Separator}{file.Digest.Bytes}{Separator}{file.Path}\n"));

    /// <summary>Reads the list of a folder.</summary>
    /// <exception cref="BackupException">A line is malformed, or its path is none that a backup can have, for example outside the folder.</exception>
    public static async IAsyncEnumerable<ListedFile> ReadAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Path.Combine(folder, FileName), Encoding.UTF8);
        var number = 0L;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            yield return Parse(line) ?? throw new BackupException(BackupProblem.Damaged, $"{FileName} in '{folder}' is damaged at line {number}. Use another backup.");
        }
    }

    /// <summary>The path of a blob in a backup, relative to it.</summary>
    public static string PathOf(string blob)
    {
        var slash = blob.IndexOf('/', StringComparison.Ordinal);
        return $"{BlobPaths.FolderName}/{blob[..slash]}/{blob.Substring(slash + 1, 2)}/{blob[(slash + 1)..]}";
    }

    private static ListedFile? Parse(string line)
    {
        var parts = line.Split(Separator);
        if (line.Length > MaxLine || parts.Length != 3 || parts[0].Length != 64 || !parts[0].All(char.IsAsciiHexDigitLower)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
        {
            return null;
        }

        var file = new ListedFile(parts[2], new FileDigest(bytes, parts[0]));
        var known = file.Blob is { } blob ? BlobPaths.IsName(blob) && PathOf(blob) == file.Path : StoreFiles.Databases.Any(one => one.File == file.Path);
        return known ? file : null;
    }
}
