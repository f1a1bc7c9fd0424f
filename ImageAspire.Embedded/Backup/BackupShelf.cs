using System.Globalization;
using System.Text.RegularExpressions;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Backup;

/// <summary>
/// The folder of the backups that a schedule makes. Its own are those with a name of its form, and a manifest; what else is there is left alone.
/// One appears under its name when it is complete, and loses that name before it is removed.
/// </summary>
/// <param name="folder">The folder, which may not exist yet.</param>
/// <param name="time">Clock.</param>
internal sealed partial class BackupShelf(string folder, TimeProvider time)
{
    private const string Incomplete = ".part";

    /// <summary>The backups, newest first.</summary>
    public async Task<IReadOnlyList<ScheduledBackup>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<ScheduledBackup>();
        foreach (var path in Folders().Where(path => OwnName().IsMatch(Path.GetFileName(path))))
        {
            if (await ReadAsync(path, cancellationToken) is { } manifest)
                found.Add(new(Path.GetFileName(path), manifest.TakenAt, manifest.CompletedAt, manifest.Images, manifest.Bytes, manifest.Faults));
        }

        return [.. found.OrderByDescending(one => one.TakenAt)];
    }

    /// <summary>Makes one.</summary>
    /// <exception cref="BackupException">It is impossible.</exception>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public async Task<BackupSummary> AddAsync(string dataFolder, IProgress<string> lines, CancellationToken cancellationToken)
    {
        RemoveIncomplete();
        var target = Path.Combine(folder, time.GetUtcNow().ToString("'imageaspire-'yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture));
        var made = await new StoreBackup(time, lines).RunAsync(dataFolder, target + Incomplete, copy: false, cancellationToken);
        Directory.Move(target + Incomplete, target);
        UnixFiles.SyncFolder(folder);
        return made;
    }

    /// <summary>Removes all but the newest.</summary>
    public async Task KeepAsync(int count, CancellationToken cancellationToken)
    {
        foreach (var old in (await ListAsync(cancellationToken)).Skip(count))
            Directory.Move(Path.Combine(folder, old.Name), Path.Combine(folder, old.Name + Incomplete));
        RemoveIncomplete();
    }

    // Of processes that died while they made or removed one.
    private void RemoveIncomplete()
    {
        foreach (var path in Folders().Where(path => path.EndsWith(Incomplete, StringComparison.Ordinal) && OwnName().IsMatch(Path.GetFileNameWithoutExtension(path))))
            Directory.Delete(path, recursive: true);
    }

    private List<string> Folders() => Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder)] : [];

    private static async Task<BackupManifest?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await BackupManifest.ReadAsync(path, cancellationToken);
        }
        catch (Exception error) when (error is BackupException or IOException or UnauthorizedAccessException)
        {
            return null; // not ours, or damaged: not counted and not removed
        }
    }

    [GeneratedRegex(@"\Aimageaspire-\d{8}T\d{9}Z\z")]
    private static partial Regex OwnName();
}
