using System.Globalization;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Backup;

/// <summary>Result of a verification.</summary>
/// <param name="Images">Images checked.</param>
/// <param name="Bytes">Bytes of their originals.</param>
/// <param name="Faults">Faults.</param>
public sealed record VerificationSummary(long Images, long Bytes, long Faults);

/// <summary>Checks a store, while it is used, or a backup, and reports every fault. Reads records in pages, so that a million images need no more memory than ten.</summary>
/// <param name="time">Clock.</param>
/// <param name="lines">Takes faults, notes and progress, for an operator.</param>
/// <param name="counts">Takes progress as counts; without it there is a line every five seconds.</param>
public sealed class StoreVerification(TimeProvider time, IProgress<string> lines, IProgress<StoreCount>? counts = null)
{
    private const int PageSize = 200;
    private const int MaxListed = 5;
    private static readonly TimeSpan OrphanAfter = TimeSpan.FromHours(1); // when the sweeper removes them (Worker:OrphanAfter)
    private readonly StoreProgress _progress = new(lines, time, counts);
    private readonly VerificationReport _report = new(lines);

    /// <summary>A head of the audit log that was noted before: the log must still contain it. Null to check the log's chain alone.</summary>
    public AuditHead? AuditHead { get; init; }

    /// <summary>Whether the log's chain is checked. Not before a restore: nothing but that chain suffers from a break, and it is restored as it is.</summary>
    internal bool ChecksAuditChain { get; init; } = true;

    /// <summary>Checks the store in a data folder.</summary>
    /// <param name="dataFolder">The store.</param>
    /// <param name="quick">True to compare only sizes, without reading the originals.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <exception cref="BackupException">It is impossible; the message says why.</exception>
    public async Task<VerificationSummary> StoreAsync(string dataFolder, bool quick, CancellationToken cancellationToken)
    {
        var databases = StoreFiles.Find(dataFolder);
        // No blob is removed meanwhile: the bytes of a record that was read must exist.
        using var deletions = await StoreFiles.LockDeletionsAsync(dataFolder, time, cancellationToken);
        SqliteSession Open(string file) => new(Path.Combine(dataFolder, file), readOnly: true);
        if (!await AreSoundAsync(databases, Open, cancellationToken))
            return Done(0, 0);

        SnapshotFacts facts;
        using (var snapshot = await Task.Run(() => ConsistentSnapshot.Take(dataFolder), cancellationToken))
            facts = new ConsistencyChecks(snapshot.Of, _report).Run(time.GetUtcNow());
        using var catalog = Open(MainDatabase.FileName);
        using var audit = facts.AuditPending is null ? null : Open(AuditSchema.FileName);
        CheckAuditChain(audit, cancellationToken);
        var (images, bytes) = await CheckRecordsAsync(catalog, audit, facts, new BlobChecks(dataFolder, hash: !quick), cancellationToken);
        FindOrphans(dataFolder, catalog, cancellationToken);
        return Done(images, bytes);
    }

    /// <summary>Checks a backup.</summary>
    /// <param name="backup">Its folder.</param>
    /// <param name="quick">True to compare only sizes, without reading the files.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <exception cref="BackupException">It is no backup.</exception>
    public async Task<VerificationSummary> BackupAsync(string backup, bool quick, CancellationToken cancellationToken)
    {
        var manifest = await BackupManifest.ReadAsync(backup, cancellationToken);
        _progress.WriteLine($"Backup of {manifest.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, version {manifest.Product}: {manifest.Images} images, {manifest.Files} files, {StoreProgress.Size(manifest.Bytes)}.");
        await new FileChecks(backup, manifest, _report, _progress).RunAsync(quick, cancellationToken);
        if (_report.Faults > manifest.Faults)
            return Done(0, 0);

        using var sessions = new BackupDatabases(backup);
        if (!await AreSoundAsync(StoreFiles.Find(backup), file => SqliteSession.OpenImmutable(Path.Combine(backup, file)), cancellationToken))
            return Done(0, 0);
        var facts = new ConsistencyChecks(sessions.Of, _report).Run(manifest.TakenAt);
        CheckAuditChain(sessions.Of(AuditSchema.FileName), cancellationToken);
        // The digests of all files, and the names of originals, were compared above.
        var (images, bytes) = await CheckRecordsAsync(
            sessions.Of(MainDatabase.FileName)!, sessions.Of(AuditSchema.FileName), facts, new BlobChecks(backup, hash: false), cancellationToken);
        if (images != manifest.Images)
            _report.Fault("wrong-manifest", $"the manifest has {manifest.Images} images, the catalog {images}", "use another backup");
        return Done(images, bytes);
    }

    private void CheckAuditChain(SqliteSession? audit, CancellationToken cancellationToken)
    {
        if (ChecksAuditChain)
            new AuditChainChecks(AuditHead, _report, _progress).Run(audit, cancellationToken);
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
            _report.Note("images are checked when the databases are undamaged.");
        return sound;
    }, cancellationToken);

    private async Task<(long Images, long Bytes)> CheckRecordsAsync(
        SqliteSession catalog, SqliteSession? audit, SnapshotFacts facts, BlobChecks blobs, CancellationToken cancellationToken)
    {
        var total = Convert.ToInt64(catalog.Scalar("SELECT count(*) FROM images"), CultureInfo.InvariantCulture);
        var (images, bytes, after) = (0L, 0L, long.MinValue);
        var unknown = new List<Guid>(MaxListed);
        var unknownCount = 0L;
        while (RecordChecks.Page(catalog, after, PageSize, _report) is { Count: > 0 } page)
        {
            foreach (var (rowid, record) in page)
            {
                (images, after) = (images + 1, rowid);
                if (record is null)
                    continue;
                bytes += await blobs.CheckAsync(record, _report, cancellationToken);
                if (audit is not null && rowid <= facts.Newest && audit.Scalar("SELECT 1 FROM audit WHERE image=@1 LIMIT 1", RecordKeys.Id(record.Id)) is null
                    && ++unknownCount <= MaxListed)
                {
                    unknown.Add(record.Id);
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            _progress.Report("Images", images, total, bytes);
        }

        if (unknownCount > facts.AuditPending)
        {
            _report.Fault("missing-audit", $"{unknownCount} images are not in the audit log, and only {facts.AuditPending} events are not written there yet; among them {string.Join(", ", unknown)}",
                "images are not affected; the earlier history of these is not on record");
        }

        return (images, bytes);
    }

    // No fault: a crash between bytes and record leaves them, as does a deletion during a backup.
    private void FindOrphans(string dataFolder, SqliteSession catalog, CancellationToken cancellationToken)
    {
        var (count, bytes, example) = (0L, 0L, "");
        foreach (var folder in (string[])[BlobNames.Originals, BlobNames.Thumbnails])
        {
            var root = new DirectoryInfo(new BlobPaths(Path.Combine(dataFolder, BlobPaths.FolderName)).OfFolder(folder));
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
            _report.Note(string.Create(CultureInfo.InvariantCulture, $"{count:N0} files ({StoreProgress.Size(bytes)}) belong to no image, such as {example}; a worker's sweeper removes them within an hour."));
    }
}
