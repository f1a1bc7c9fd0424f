using System.Globalization;
using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Space;

namespace ImageAspire.Embedded.Upgrades;

/// <summary>Copies the databases of a data folder before their schemas change. Blobs are not copied: no upgrade changes them.</summary>
internal sealed class UpgradeBackup(DataFolder folder, IVolume volume, TimeProvider time)
{
    /// <summary>The folder of the copies in the data folder.</summary>
    public const string FolderName = "before-upgrade";

    private const string Staged = ".part";
    private readonly string _root = folder.PathOf(FolderName);

    /// <summary>Makes a copy of all databases, as of one moment, and removes the oldest ones.</summary>
    /// <param name="keep">How many copies stay.</param>
    /// <param name="cancellationToken">Cancels it; nothing is left then.</param>
    /// <returns>The new folder; null when there is nothing to copy.</returns>
    /// <exception cref="StoreUnavailableException">There is no room, or a database is damaged.</exception>
    public async Task<string?> TakeAsync(int keep, CancellationToken cancellationToken)
    {
        if (keep == 0 || !File.Exists(folder.PathOf(MainDatabase.FileName)))
            return null;
        CheckSpace();
        var target = Path.Combine(_root, time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture));
        RemoveAll(Directory.Exists(_root) ? Directory.EnumerateDirectories(_root, "*" + Staged) : []); // of processes that died
        PrivateFiles.CreateFolder(target + Staged);
        try
        {
            await CopyAsync(target + Staged, cancellationToken);
            UnixFiles.SyncFileSystem(_root);
            Directory.Move(target + Staged, target);
            UnixFiles.SyncFolder(_root);
        }
        catch (Exception error)
        {
            Directory.Delete(target + Staged, recursive: true);
            throw error is BackupException refused ? new StoreUnavailableException(refused.Message, refused) { Problem = refused.Problem == BackupProblem.Busy ? StoreProblem.Busy : StoreProblem.Damaged, NothingWritten = true }
                : DiskErrors.Translate(error, _root);
        }

        RemoveAll(Directory.EnumerateDirectories(_root).OrderDescending(StringComparer.Ordinal).Skip(keep));
        return target;
    }

    private async Task CopyAsync(string target, CancellationToken cancellationToken)
    {
        using var snapshot = ConsistentSnapshot.Take(folder.FullPath);
        var now = time.GetUtcNow();
        foreach (var database in snapshot.Databases)
        {
            await DatabaseCopy.CopyAsync(database, snapshot.Of(database.File)!, Path.Combine(target, database.File), now, cancellationToken);
            snapshot.Release(database);
        }
    }

    // The copies, and as much again as the write-ahead logs of large migrations may need, but no more than what is there.
    private void CheckSpace()
    {
        var needed = 2 * StoreFiles.Databases.SelectMany(one => new[] { one.File, one.File + "-wal" })
            .Select(name => new FileInfo(folder.PathOf(name))).Sum(file => file.Exists ? file.Length : 0);
        if (volume.Read(folder.FullPath) is var (free, _) && free < needed)
        {
            throw new StoreUnavailableException(string.Create(CultureInfo.InvariantCulture,
                $"'{_root}' cannot be used now: a backup before the upgrade and the upgrade itself may need {needed} bytes, and {free} are free. Free some space, or make a backup elsewhere and set Embedded:UpgradeBackups to 0 (docs/upgrades.md)."))
                { Problem = StoreProblem.Full, NothingWritten = true };
        }
    }

    private static void RemoveAll(IEnumerable<string> folders)
    {
        foreach (var one in folders.ToList())
            Directory.Delete(one, recursive: true);
    }
}
