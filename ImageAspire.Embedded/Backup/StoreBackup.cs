using System.Globalization;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Backup;

/// <summary>What a backup contains.</summary>
/// <param name="Images">Images in its catalog.</param>
/// <param name="Files">Files.</param>
/// <param name="Bytes">Bytes of the files.</param>
/// <param name="Linked">Files that are hard links to those in the data folder.</param>
/// <param name="Faults">Files that were missing or damaged in the store.</param>
public sealed record BackupSummary(long Images, long Files, long Bytes, long Linked, long Faults);

/// <summary>
/// Copies a store while it is used. First the databases, from one <see cref="ConsistentSnapshot"/>; then the bytes of every record in them,
/// which are not removed meanwhile (<see cref="DeletionLock"/>); last the manifest.
/// </summary>
/// <param name="time">Clock.</param>
/// <param name="lines">Takes progress and faults, for an operator.</param>
/// <param name="counts">Takes progress as counts; without it there is a line every five seconds.</param>
public sealed class StoreBackup(TimeProvider time, IProgress<string> lines, IProgress<StoreCount>? counts = null)
{
    private const int MaxFaultsListed = 20;
    private readonly StoreProgress _progress = new(lines, time, counts);

    /// <summary>Makes a backup. When it throws, nothing of it is left.</summary>
    /// <param name="dataFolder">The store.</param>
    /// <param name="target">An empty or new folder outside the store.</param>
    /// <param name="copy">True to copy blobs even where hard links are possible.</param>
    /// <param name="cancellationToken">Cancels the backup.</param>
    /// <exception cref="BackupException">It is impossible; the message says why.</exception>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public async Task<BackupSummary> RunAsync(string dataFolder, string target, bool copy, CancellationToken cancellationToken)
    {
        StoreFiles.Find(dataFolder);
        if (FolderPaths.IsInside(target, dataFolder))
            throw new BackupException(BackupProblem.Nested, $"'{target}' is inside of the data folder. Choose a folder elsewhere, best on another disk.");
        var isNew = !Directory.Exists(target);
        CheckTarget(target);
        PrivateFiles.CreateFolder(target);
        try
        {
            return await WriteAsync(dataFolder, target, copy, cancellationToken);
        }
        catch
        {
            RemoveTarget(target, isNew);
            throw;
        }
    }

    private async Task<BackupSummary> WriteAsync(string dataFolder, string target, bool copy, CancellationToken cancellationToken)
    {
        var blobs = new BlobPaths(Path.Combine(dataFolder, BlobPaths.FolderName));
        using var deletions = await StoreFiles.LockDeletionsAsync(dataFolder, time, cancellationToken);
        if (!DeletionLock.IsHeld(Path.Combine(dataFolder, BlobPaths.FolderName)))
            _progress.WriteLine("note: this file system has no locks, so bytes of images that are deleted meanwhile may be missing; they are then listed.");
        await using var list = new ListWriter(target);
        var schemas = new Dictionary<string, int>();
        DateTimeOffset takenAt;
        using (var snapshot = await Task.Run(() => ConsistentSnapshot.Take(dataFolder), cancellationToken))
        {
            takenAt = time.GetUtcNow();
            foreach (var database in snapshot.Databases)
            {
                var path = Path.Combine(target, database.File);
                schemas[database.File] = await DatabaseCopy.CopyAsync(database, snapshot.Of(database.File)!, path, takenAt, cancellationToken);
                snapshot.Release(database);
                await list.AddAsync(new ListedFile(database.File, (await FileCopy.DigestAsync(path, cancellationToken))!), linked: false);
            }
        }

        _progress.WriteLine($"Databases: {schemas.Count}, {StoreProgress.Size(list.Bytes)}, all as of {takenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
        var writer = new BlobWriter(blobs, target, copy, list);
        var (images, faults) = await CopyBlobsAsync(target, writer, cancellationToken);
        var fileList = await list.CompleteAsync(cancellationToken);
        UnixFiles.SyncFileSystem(target);
        var manifest = new BackupManifest
        {
            Format = BackupManifest.CurrentFormat, Product = ProductVersion.Current, TakenAt = takenAt, CompletedAt = time.GetUtcNow(), Images = images,
            Files = list.Files, Bytes = list.Bytes, Faults = faults, FileListSha256 = fileList.Sha256, Databases = schemas,
        };
        await manifest.WriteAsync(target, cancellationToken);
        return new BackupSummary(images, list.Files, list.Bytes, list.Linked, faults);
    }

    // The copy of the catalog decides what belongs to the backup, not the files in the folder.
    private async Task<(long Images, long Faults)> CopyBlobsAsync(string target, BlobWriter writer, CancellationToken cancellationToken)
    {
        using var catalog = SqliteSession.OpenImmutable(Path.Combine(target, MainDatabase.FileName));
        var total = Convert.ToInt64(catalog.Scalar("SELECT count(*) FROM images"), CultureInfo.InvariantCulture);
        var (images, faults) = (0L, 0L);
        await using var rows = await catalog.Prepare("SELECT doc FROM images ORDER BY rowid").ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var record = CatalogWriter.ReadDocument(rows, 0);
            foreach (var blob in StoreFiles.BlobsOf(record))
            {
                if (await writer.AddAsync(record, blob, cancellationToken) is { } fault && ++faults <= MaxFaultsListed)
                    _progress.WriteLine($"FAULT in the store: {fault}");
            }

            _progress.Report("Images", ++images, total, writer.List.Bytes);
        }

        return (images, faults);
    }

    private static void CheckTarget(string target)
    {
        if (File.Exists(target))
            throw new BackupException(BackupProblem.NotAFolder, $"'{target}' is a file. Name an empty or a new folder.");
        if (!Directory.Exists(target) || !Directory.EnumerateFileSystemEntries(target).Any())
            return;
        throw File.Exists(Path.Combine(target, BackupManifest.FileName))
            ? new BackupException(BackupProblem.HoldsBackup, $"'{target}' holds a backup already, and a backup is never changed. Name a new folder.")
            : new BackupException(BackupProblem.NotEmpty, $"'{target}' is not empty. Name a new folder, or empty this one if it is an incomplete backup.");
    }

    private static void RemoveTarget(string target, bool isNew)
    {
        if (isNew)
        {
            Directory.Delete(target, recursive: true);
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(target))
            Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.EnumerateFiles(target))
            File.Delete(file);
    }
}
