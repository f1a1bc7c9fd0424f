using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Backup;

/// <summary>Makes a data folder from a backup: verifies everything, copies it to a folder beside the target, and renames that last.</summary>
/// <param name="time">Clock.</param>
/// <param name="lines">Takes progress and faults, for an operator.</param>
/// <param name="counts">Takes progress as counts; without it there is a line every five seconds.</param>
public sealed class StoreRestore(TimeProvider time, IProgress<string> lines, IProgress<StoreCount>? counts = null)
{
    private readonly StoreProgress _progress = new(lines, time, counts);

    /// <summary>Restores. When it throws, nothing of it is left. The backup is never changed.</summary>
    /// <param name="backup">Folder of the backup.</param>
    /// <param name="dataFolder">The new data folder: empty, or it does not exist.</param>
    /// <param name="cancellationToken">Cancels the restore.</param>
    /// <exception cref="BackupException">It is impossible; the message says why.</exception>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public async Task<BackupSummary> RunAsync(string backup, string dataFolder, CancellationToken cancellationToken)
    {
        CheckFolders(backup, dataFolder);
        var manifest = await BackupManifest.ReadAsync(backup, cancellationToken);
        CheckVersion(backup, manifest);
        var found = await new StoreVerification(time, lines, counts) { ChecksAuditChain = false }.BackupAsync(backup, quick: false, cancellationToken);
        if (found.Faults > manifest.Faults)
            throw new BackupException(BackupProblem.Damaged, "This backup is damaged (see above); nothing was restored. Use another one.");

        var staged = $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder))}.restoring-{Guid.NewGuid():N}";
        PrivateFiles.CreateFolder(staged);
        try
        {
            await CopyAsync(backup, staged, manifest, cancellationToken);
            UnixFiles.SyncFileSystem(staged);
            Rename(staged, dataFolder);
        }
        catch
        {
            Directory.Delete(staged, recursive: true);
            throw;
        }

        UnixFiles.SyncFolder(Path.GetDirectoryName(staged)!);
        return new BackupSummary(manifest.Images, manifest.Files, manifest.Bytes, 0, manifest.Faults);
    }

    // Before anything is compared: to this version a newer backup would look damaged.
    private static void CheckVersion(string backup, BackupManifest manifest)
    {
        var known = StoreFiles.Databases.ToDictionary(one => one.File, one => one.Schema);
        var newer = manifest.Databases.Where(one => one.Value > known.GetValueOrDefault(one.Key)).ToList();
        if (newer.Count > 0)
        {
            throw new BackupException(BackupProblem.Newer, $"'{backup}' was made by a newer version of ImageAspire ({manifest.Product}): "
                + $"{string.Join(", ", newer.Select(one => $"{one.Key} has schema version {one.Value} instead of {known.GetValueOrDefault(one.Key)}"))}. Restore it with that version; nothing was restored.");
        }
    }

    private static void CheckFolders(string backup, string dataFolder)
    {
        if (FolderPaths.IsInside(dataFolder, backup) || FolderPaths.IsInside(backup, dataFolder))
            throw new BackupException(BackupProblem.Nested, "Backup and data folder must not be inside of each other. Name another folder with --data.");
        if (File.Exists(dataFolder))
            throw new BackupException(BackupProblem.NotAFolder, $"'{dataFolder}' is a file. Name a new folder with --data.");
        if (Directory.Exists(dataFolder) && Directory.EnumerateFileSystemEntries(dataFolder).Any())
            throw new BackupException(BackupProblem.NotEmpty, $"The data folder '{dataFolder}' is not empty, and restore never overwrites. Stop the system if it runs on it; then name another folder with --data, or move this one away.");
    }

    private async Task CopyAsync(string backup, string target, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var (files, bytes) = (0L, 0L);
        var folders = new HashSet<string>();
        await foreach (var file in FileList.ReadAsync(backup, cancellationToken))
        {
            var path = Path.Combine(target, file.Path);
            if (folders.Add(Path.GetDirectoryName(path)!)) // at most 513
                PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            if (await FileCopy.CopyAsync(Path.Combine(backup, file.Path), path, cancellationToken) != file.Digest)
                throw new BackupException(BackupProblem.Damaged, $"{file.Path} has changed since it was verified a moment ago: the disk of the backup fails, or another program changes it. Nothing was restored.");
            (files, bytes) = (files + 1, bytes + file.Digest.Bytes);
            _progress.Report("Restored", files, manifest.Files, bytes);
        }
    }

    private static void Rename(string from, string to)
    {
        try
        {
            if (Directory.Exists(to))
                Directory.Delete(to); // empty, or this fails
            Directory.Move(from, to);
        }
        catch (IOException error)
        {
            throw new BackupException(BackupProblem.CannotReplace, $"'{to}' cannot be replaced: {error.Message} If it is a mounted disk, name a folder on it with --data.", error);
        }
    }
}
