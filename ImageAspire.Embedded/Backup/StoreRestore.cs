using ImageAspire.Embedded.Blobs;

namespace ImageAspire.Embedded.Backup;

/// <summary>Makes a data folder out of a backup: first everything is verified, then it is copied beside its place, and gets its name at last.</summary>
/// <param name="time">Clock.</param>
/// <param name="lines">What an operator reads meanwhile.</param>
/// <param name="counts">Who shows how far it is; without it there is a line every five seconds.</param>
public sealed class StoreRestore(TimeProvider time, IProgress<string> lines, IProgress<StoreCount>? counts = null)
{
    private readonly StoreProgress _progress = new(lines, time, counts);

    /// <summary>Restores. When it does not return, nothing of it is left, and the backup is as it was.</summary>
    /// <param name="backup">Folder of the backup.</param>
    /// <param name="dataFolder">The data folder to be: empty, or not there yet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BackupException">It cannot be done; the message says why.</exception>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public async Task<BackupSummary> RunAsync(string backup, string dataFolder, CancellationToken cancellationToken)
    {
        Refuse(backup, dataFolder);
        var manifest = await BackupManifest.ReadAsync(backup, cancellationToken);
        var found = await new StoreVerification(time, lines, counts).BackupAsync(backup, quick: false, cancellationToken);
        if (found.Faults > manifest.Faults)
            throw new BackupException($"This backup is damaged (see above); nothing was restored. Use another one.");

        var beside = $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder))}.restoring-{Guid.NewGuid():N}";
        PrivateFiles.CreateFolder(beside);
        try
        {
            await CopyAsync(backup, beside, manifest, cancellationToken);
            UnixFiles.SyncFileSystem(beside);
            Rename(beside, dataFolder);
        }
        catch
        {
            Directory.Delete(beside, recursive: true);
            throw;
        }

        UnixFiles.SyncFolder(Path.GetDirectoryName(beside)!);
        return new BackupSummary(manifest.Images, manifest.Files, manifest.Bytes, 0, manifest.Faults);
    }

    private static void Refuse(string backup, string dataFolder)
    {
        if (PrivateFiles.IsInside(dataFolder, backup) || PrivateFiles.IsInside(backup, dataFolder))
            throw new BackupException("Backup and data folder must not be inside of each other. Name another folder with --data.");
        if (File.Exists(dataFolder))
            throw new BackupException($"'{dataFolder}' is a file. Name a folder that is not there yet with --data.");
        if (Directory.Exists(dataFolder) && Directory.EnumerateFileSystemEntries(dataFolder).Any())
            throw new BackupException($"The data folder '{dataFolder}' is not empty, and restore never overwrites. Stop the system if it runs on it; then name another folder with --data, or move this one away.");
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
                throw new BackupException($"{file.Path} has changed since it was verified a moment ago: the disk of the backup fails, or somebody changes it. Nothing was restored.");
            (files, bytes) = (files + 1, bytes + file.Digest.Bytes);
            _progress.Now("Restored", files, manifest.Files, bytes);
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
            throw new BackupException($"'{to}' cannot be replaced: {error.Message} If it is a mounted disk, name a folder inside of it with --data.", error);
        }
    }
}
