using System.Globalization;
using ImageAspire.Core.Images;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Backup;

/// <summary>What was found.</summary>
/// <param name="Images">Images looked at.</param>
/// <param name="Bytes">Bytes of their originals.</param>
/// <param name="Faults">Faults; each was told.</param>
public sealed record VerificationSummary(long Images, long Bytes, long Faults);

/// <summary>Checks a store, while it is used, or a backup, and names every fault. Reads pages of records, so that a million images need no more memory than ten.</summary>
/// <param name="time">Clock.</param>
/// <param name="lines">What an operator reads: faults, notes, progress.</param>
/// <param name="counts">Who shows how far it is; without it there is a line every five seconds.</param>
public sealed class StoreVerification(TimeProvider time, IProgress<string> lines, IProgress<StoreCount>? counts = null)
{
    private const int PageSize = 200;
    private const int MostNamed = 5;
    private static readonly TimeSpan OrphanAfter = TimeSpan.FromHours(1); // when the sweeper takes them (Worker:OrphanAfter)
    private readonly StoreProgress _progress = new(lines, time, counts);
    private readonly VerificationReport _report = new(lines);

    /// <summary>Checks the store in a data folder.</summary>
    /// <param name="dataFolder">The store.</param>
    /// <param name="quick">True to look only at sizes, and not to read the originals.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BackupException">It cannot be checked; the message says why.</exception>
    public async Task<VerificationSummary> StoreAsync(string dataFolder, bool quick, CancellationToken cancellationToken)
    {
        var databases = StoreFiles.Find(dataFolder);
        // Nothing is removed while we look: of a record that was read the bytes must be there.
        using var hold = await DeletionLock.TakeAsync(Path.Combine(dataFolder, StoreFiles.Blobs), time, cancellationToken);
        SqliteSession Open(string file) => new(Path.Combine(dataFolder, file), readOnly: true);
        if (!await AreSoundAsync(databases, Open, cancellationToken))
            return Done(0, 0);

        SnapshotFacts moment;
        using (var cut = await Task.Run(() => ConsistentSnapshot.Take(dataFolder), cancellationToken))
            moment = new ConsistencyChecks(cut.Of, _report).Run(time.GetUtcNow());
        using var catalog = Open(MainDatabase.FileName);
        using var audit = moment.AuditPending is null ? null : Open(AuditSchema.FileName);
        var (images, bytes) = await CheckRecordsAsync(catalog, audit, moment, new BlobChecks(dataFolder, hash: !quick), cancellationToken);
        FindOrphans(dataFolder, catalog, cancellationToken);
        return Done(images, bytes);
    }

    /// <summary>Checks a backup.</summary>
    /// <param name="backup">Its folder.</param>
    /// <param name="quick">True to look only at sizes, and not to read the files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BackupException">It is no backup.</exception>
    public async Task<VerificationSummary> BackupAsync(string backup, bool quick, CancellationToken cancellationToken)
    {
        var manifest = await BackupManifest.ReadAsync(backup, cancellationToken);
        _progress.Say($"Backup of {manifest.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, version {manifest.Product}: {manifest.Images} images, {manifest.Files} files, {StoreProgress.Size(manifest.Bytes)}.");
        await new FileChecks(backup, manifest, _report, _progress).RunAsync(quick, cancellationToken);
        if (_report.Faults > manifest.Faults)
            return Done(0, 0);

        using var sessions = new BackupDatabases(backup);
        if (!await AreSoundAsync(StoreFiles.Find(backup), file => SqliteSession.OpenImmutable(Path.Combine(backup, file)), cancellationToken))
            return Done(0, 0);
        var moment = new ConsistencyChecks(sessions.Of, _report).Run(manifest.TakenAt);
        // Every file was compared with its digest above, and so was the name of an original.
        var (images, bytes) = await CheckRecordsAsync(
            sessions.Of(MainDatabase.FileName)!, sessions.Of(AuditSchema.FileName), moment, new BlobChecks(backup, hash: false), cancellationToken);
        if (images != manifest.Images)
            _report.Fault("wrong-manifest", $"the manifest tells of {manifest.Images} images, the catalog has {images}", "use another backup");
        return Done(images, bytes);
    }

    private VerificationSummary Done(long images, long bytes)
    {
        _report.Complete();
        return new VerificationSummary(images, bytes, _report.Faults);
    }

    private Task<bool> AreSoundAsync(IReadOnlyList<StoreDatabase> databases, Func<string, SqliteSession> open, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var sound = true;
        foreach (var database in databases)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sound &= DatabaseChecks.IsSound(database, open, _report);
        }

        if (!sound)
            _report.Note("images are looked at when the databases are sound.");
        return sound;
    }, cancellationToken);

    private async Task<(long Images, long Bytes)> CheckRecordsAsync(
        SqliteSession catalog, SqliteSession? audit, SnapshotFacts moment, BlobChecks blobs, CancellationToken cancellationToken)
    {
        var total = Convert.ToInt64(catalog.Scalar("SELECT count(*) FROM images"), CultureInfo.InvariantCulture);
        var (images, bytes, after) = (0L, 0L, long.MinValue);
        var unknown = new List<Guid>(MostNamed);
        var unknownCount = 0L;
        while (RecordChecks.Page(catalog, after, PageSize, _report) is { Count: > 0 } page)
        {
            foreach (var (rowid, record) in page)
            {
                (images, after) = (images + 1, rowid);
                if (record is null)
                    continue;
                bytes += await blobs.CheckAsync(record, _report, cancellationToken);
                if (audit is not null && rowid <= moment.Newest && audit.Scalar("SELECT 1 FROM audit WHERE image=@1 LIMIT 1", RecordKeys.Id(record.Id)) is null
                    && ++unknownCount <= MostNamed)
                {
                    unknown.Add(record.Id);
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            _progress.Now("Images", images, total, bytes);
        }

        if (unknownCount > moment.AuditPending)
        {
            _report.Fault("missing-audit", $"{unknownCount} images are not in the audit log, and only {moment.AuditPending} events wait to be written there; among them {string.Join(", ", unknown)}",
                "images are not concerned; what happened to these before today is not on record");
        }

        return (images, bytes);
    }

    // No fault: a crash between bytes and record leaves them, and so does a deletion while a backup runs.
    private void FindOrphans(string dataFolder, SqliteSession catalog, CancellationToken cancellationToken)
    {
        var (count, bytes, example) = (0L, 0L, "");
        foreach (var folder in (string[])[BlobNames.Originals, BlobNames.Thumbnails])
        {
            var root = new DirectoryInfo(new BlobPaths(Path.Combine(dataFolder, StoreFiles.Blobs)).OfFolder(folder));
            foreach (var file in root.Exists ? root.EnumerateFiles("*", SearchOption.AllDirectories) : [])
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (time.GetUtcNow() - file.LastWriteTimeUtc < OrphanAfter || BlobNames.ImageOf(folder + file.Name) is not { } id
                    || catalog.Scalar("SELECT 1 FROM images WHERE id=@1", RecordKeys.Id(id)) is not null)
                {
                    continue;
                }

                (count, bytes, example) = (count + 1, bytes + file.Length, FileList.PathOf(folder + file.Name));
            }
        }

        if (count > 0)
            _report.Note(string.Create(CultureInfo.InvariantCulture, $"{count:N0} files ({StoreProgress.Size(bytes)}) belong to no image, such as {example}; a worker's sweeper removes them within the hour."));
    }
}
