using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Space;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Upgrades;

/// <summary>
/// Makes a data folder ready: private to this user, no database newer than this version, and those of earlier versions migrated after a
/// backup. One process at a time, so that the others find the work done.
/// </summary>
/// <param name="folder">The data folder.</param>
/// <param name="backups">How many backups stay.</param>
/// <param name="volume">Its volume.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class StoreUpgrade(DataFolder folder, int backups, IVolume volume, TimeProvider time, ILogger<StoreUpgrade> logger)
    : IStorePreparation
{
    private const string LockName = ".upgrade-lock";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        MakePrivate();
        if (StoreVersions.Check(folder.FullPath).Count == 0)
            return;
        using var processLock = await LockAsync(cancellationToken);
        var old = StoreVersions.Check(folder.FullPath); // another process may have been faster
        if (old.Count == 0)
            return;
        var names = string.Join(", ", old.Select(one => one.File));
        var backup = await new UpgradeBackup(folder, volume, time).TakeAsync(backups, cancellationToken);
        LogBegins(logger, names, backup ?? "none");
        foreach (var database in old)
            await database.Open(folder).DisposeAsync(); // opening migrates
        LogDone(logger, names);
    }

    private void MakePrivate()
    {
        var (changed, failed) = PrivateFolder.Restrict(folder.FullPath);
        if (changed.Count > 0)
            LogRestricted(logger, folder.FullPath, changed.Count, string.Join(", ", changed.Examples));
        if (failed is not null)
            LogNotRestricted(logger, failed, folder.FullPath);
    }

    private async Task<ProcessLock> LockAsync(CancellationToken cancellationToken)
    {
        var processLock = new ProcessLock(folder.PathOf(LockName));
        try
        {
            var began = time.GetTimestamp();
            using var timer = new PeriodicTimer(PollInterval, time);
            while (!processLock.TryAcquire())
            {
                if (time.GetElapsedTime(began) > Patience)
                {
                    throw new StoreUnavailableException($"Another process has been upgrading the data folder '{folder.FullPath}' for {Patience.TotalMinutes:0} minutes. Start again when it is done.")
                        { Problem = StoreProblem.Busy, NothingWritten = true };
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }

            return processLock;
        }
        catch
        {
            processLock.Dispose();
            throw;
        }
    }

    [LoggerMessage(LogLevel.Information, "The databases {Databases} are of an earlier version and are upgraded now. Backup: {Backup}")]
    private static partial void LogBegins(ILogger logger, string databases, string backup);

    [LoggerMessage(LogLevel.Information, "The databases {Databases} are upgraded.")]
    private static partial void LogDone(ILogger logger, string databases);

    [LoggerMessage(LogLevel.Warning, "Other users could read files in the data folder '{Folder}': {Count} files and folders are now for this user only ({Examples}).")]
    private static partial void LogRestricted(ILogger logger, string folder, int count, string examples);

    [LoggerMessage(LogLevel.Warning, "Other users can read files in the data folder '{Folder}', and this user may not change that. Change their owner, or run: chmod -R go= FOLDER")]
    private static partial void LogNotRestricted(ILogger logger, Exception error, string folder);
}
