using System.Globalization;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Backup;

/// <summary>What a backup holds.</summary>
/// <param name="Images">Images in its catalog.</param>
/// <param name="Files">Its files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Linked">Files that are second names of those in the data folder.</param>
/// <param name="Faults">Files that were missing in the store, or damaged.</param>
public sealed record BackupSummary(long Images, long Files, long Bytes, long Linked, long Faults);

/// <summary>
/// Copies a store as it is at one moment, while it is used. Databases first, all of the same moment (<see cref="ConsistentSnapshot"/>); then the
/// bytes of every record among them, which nobody removes meanwhile (<see cref="DeletionLock"/>); at last the manifest.
/// </summary>
/// <param name="time">Clock.</param>
/// <param name="lines">What an operator reads meanwhile.</param>
/// <param name="counts">Who shows how far it is; without it there is a line every five seconds.</param>
public sealed class StoreBackup(TimeProvider time, IProgress<string> lines, IProgress<StoreCount>? counts = null)
{
    private const int MostFaultsSaid = 20;
    private readonly StoreProgress _progress = new(lines, time, counts);

    /// <summary>Makes a backup. When it does not return, nothing of it is left.</summary>
    /// <param name="dataFolder">The store.</param>
    /// <param name="target">A folder that is empty or not there yet, outside of the store.</param>
    /// <param name="copy">True to copy bytes even where a second name for them would do.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BackupException">It cannot be made; the message says why.</exception>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public async Task<BackupSummary> RunAsync(string dataFolder, string target, bool copy, CancellationToken cancellationToken)
    {
        StoreFiles.Find(dataFolder);
        if (PrivateFiles.IsInside(target, dataFolder))
            throw new BackupException($"'{target}' is inside of the data folder. Choose a folder elsewhere, best on another disk.");
        var isNew = !Directory.Exists(target);
        Refuse(target);
        PrivateFiles.CreateFolder(target);
        try
        {
            return await WriteAsync(dataFolder, target, copy, cancellationToken);
        }
        catch
        {
            TidyUp(target, isNew);
            throw;
        }
    }

    private async Task<BackupSummary> WriteAsync(string dataFolder, string target, bool copy, CancellationToken cancellationToken)
    {
        var blobs = new BlobPaths(Path.Combine(dataFolder, StoreFiles.Blobs));
        using var hold = await DeletionLock.TakeAsync(Path.Combine(dataFolder, StoreFiles.Blobs), time, cancellationToken);
        if (!DeletionLock.IsHeld(Path.Combine(dataFolder, StoreFiles.Blobs)))
            _progress.Say("note: this file system has no locks, so bytes of images that are deleted meanwhile may be missing; then they are named.");
        await using var list = new ListWriter(target);
        var schemas = new Dictionary<string, int>();
        DateTimeOffset takenAt;
        using (var cut = await Task.Run(() => ConsistentSnapshot.Take(dataFolder), cancellationToken))
        {
            takenAt = time.GetUtcNow();
            foreach (var database in cut.Databases)
            {
                var path = Path.Combine(target, database.File);
                schemas[database.File] = await DatabaseCopy.CopyAsync(database, cut.Of(database.File)!, path, takenAt, cancellationToken);
                cut.Release(database);
                await list.AddAsync(new ListedFile(database.File, (await FileCopy.DigestAsync(path, cancellationToken))!), linked: false);
            }
        }

        _progress.Say($"Databases: {schemas.Count}, {StoreProgress.Size(list.Bytes)}, all as of {takenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
        var writer = new BlobWriter(blobs, target, copy, list);
        var (images, faults) = await CopyBlobsAsync(target, writer, cancellationToken);
        var fileList = await list.CompleteAsync(cancellationToken);
        UnixFiles.SyncFileSystem(target);
        var manifest = new BackupManifest
        {
            Format = BackupManifest.CurrentFormat, Product = BackupInfo.Product, TakenAt = takenAt, CompletedAt = time.GetUtcNow(), Images = images,
            Files = list.Files, Bytes = list.Bytes, Faults = faults, FileListSha256 = fileList.Sha256, Databases = schemas,
        };
        await manifest.WriteAsync(target, cancellationToken);
        return new BackupSummary(images, list.Files, list.Bytes, list.Linked, faults);
    }

    // The copy of the catalog says what belongs to the backup, not what lies in the folder.
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
                if (await writer.AddAsync(record, blob, cancellationToken) is { } fault && ++faults <= MostFaultsSaid)
                    _progress.Say($"FAULT in the store: {fault}");
            }

            _progress.Now("Images", ++images, total, writer.List.Bytes);
        }

        return (images, faults);
    }

    private static void Refuse(string target)
    {
        if (File.Exists(target))
            throw new BackupException($"'{target}' is a file. Name a folder that is empty, or not there yet.");
        if (!Directory.Exists(target) || !Directory.EnumerateFileSystemEntries(target).Any())
            return;
        throw new BackupException(File.Exists(Path.Combine(target, BackupManifest.FileName))
            ? $"'{target}' holds a backup already, and backups are never changed. Name a new folder."
            : $"'{target}' is not empty. Name a new folder, or empty this one if it is a backup that was cut short.");
    }

    private static void TidyUp(string target, bool isNew)
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
