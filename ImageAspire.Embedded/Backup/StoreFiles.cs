using ImageAspire.Core.Images;
using ImageAspire.Embedded.Access;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Database;
using ImageAspire.Embedded.Operations;
using ImageAspire.Embedded.Reports;
using ImageAspire.Embedded.Webhooks;

namespace ImageAspire.Embedded.Backup;

/// <summary>A database of the store.</summary>
/// <param name="File">Name of its file.</param>
/// <param name="Schema">The schema version that this build knows.</param>
internal sealed record StoreDatabase(string File, int Schema);

/// <summary>What a data folder consists of. A backup has the same names in the same places.</summary>
internal static class StoreFiles
{
    public const string Blobs = "blobs";

    /// <summary>Catalog and topic first; without it there is no store. The others are made at their first use.</summary>
    public static readonly IReadOnlyList<StoreDatabase> Databases =
    [
        new(MainDatabase.FileName, MainDatabase.Migrations.Count),
        new(AuditSchema.FileName, AuditSchema.Migrations.Count),
        new(ReportSchema.FileName, ReportSchema.Migrations.Count),
        new(WebhookSchema.FileName, WebhookSchema.Migrations.Count),
        new(ApiKeySchema.FileName, ApiKeySchema.Migrations.Count),
        new(EmbeddedReprocessingJobStore.FileName, EmbeddedReprocessingJobStore.Migrations.Count),
    ];

    /// <summary>The databases that there are in a folder.</summary>
    /// <exception cref="BackupException">It is no data folder.</exception>
    public static IReadOnlyList<StoreDatabase> Find(string folder)
    {
        var there = Databases.Where(one => File.Exists(Path.Combine(folder, one.File))).ToList();
        return there.Count > 0 && there[0] == Databases[0]
            ? there
            : throw new BackupException($"'{folder}' is no data folder: there is no {Databases[0].File} in it. Name the right one with --data.");
    }

    /// <summary>The blobs that a record promises: the original, unless its loss is on the record, and the thumbnails.</summary>
    public static IEnumerable<string> BlobsOf(ImageRecord record)
    {
        if (record.Failure?.Code != FailureCodes.ContentUnavailable)
            yield return record.BlobName;
        foreach (var thumbnail in record.Thumbnails)
            yield return BlobNames.Thumbnail(record.Sha256, record.Id, thumbnail.Size, thumbnail.ContentType);
    }
}
