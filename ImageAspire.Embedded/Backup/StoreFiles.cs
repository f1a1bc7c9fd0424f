using ImageAspire.Core.Images;
using ImageAspire.Embedded.ApiKeys;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Operations;
using ImageAspire.Embedded.Reports;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Webhooks;

namespace ImageAspire.Embedded.Backup;

/// <summary>A database of the store.</summary>
/// <param name="File">Name of its file.</param>
/// <param name="Schema">The newest schema version of this build.</param>
/// <param name="Open">Opens it in a data folder, which migrates it.</param>
internal sealed record StoreDatabase(string File, int Schema, Func<DataFolder, SqliteDatabase> Open);

/// <summary>The files of a data folder. A backup has the same names and paths.</summary>
internal static class StoreFiles
{
    /// <summary>The main database first; without it there is no store. The others are created at first use.</summary>
    public static readonly IReadOnlyList<StoreDatabase> Databases =
    [
        new(MainDatabase.FileName, MainDatabase.Migrations.Count, MainDatabase.Open),
        new(AuditSchema.FileName, AuditSchema.Migrations.Count, AuditSchema.Open),
        new(ReportSchema.FileName, ReportSchema.Migrations.Count, ReportSchema.Open),
        new(WebhookSchema.FileName, WebhookSchema.Migrations.Count, WebhookSchema.Open),
        new(ApiKeySchema.FileName, ApiKeySchema.Migrations.Count, ApiKeySchema.Open),
        new(OperationsSchema.FileName, OperationsSchema.Migrations.Count, OperationsSchema.Open),
    ];

    /// <summary>The databases that exist in a folder.</summary>
    /// <exception cref="BackupException">It is not a data folder.</exception>
    public static IReadOnlyList<StoreDatabase> Find(string folder)
    {
        var there = Databases.Where(one => File.Exists(Path.Combine(folder, one.File))).ToList();
        return there.Count > 0 && there[0] == Databases[0]
            ? there
            : throw new BackupException(BackupProblem.NoStore, $"'{folder}' is no data folder: there is no {Databases[0].File} in it. Name the right one with --data.");
    }

    /// <summary>Keeps every process from removing blobs.</summary>
    /// <exception cref="BackupException">Another backup or verification is running.</exception>
    public static async Task<DeletionLock> LockDeletionsAsync(string folder, TimeProvider time, CancellationToken cancellationToken) =>
        await DeletionLock.TryAcquireAsync(Path.Combine(folder, BlobPaths.FolderName), time, cancellationToken)
        ?? throw new BackupException(BackupProblem.Busy, "Another backup or verification of this data folder is running. Try again when it is done.");

    /// <summary>The blobs that a record must have: the original, unless its loss is recorded, and the thumbnails.</summary>
    public static IEnumerable<string> BlobsOf(ImageRecord record)
    {
        if (!OriginalDamage.IsOnRecord(record))
            yield return record.BlobName;
        foreach (var thumbnail in record.Thumbnails)
            yield return BlobNames.Thumbnail(record.Sha256, record.Id, thumbnail.Size, thumbnail.ContentType);
    }
}
