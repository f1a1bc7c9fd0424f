namespace ImageAspire.Core.Ports;

/// <summary>Backups of the whole store by a schedule, where the store can make them itself.</summary>
public interface IScheduledBackups
{
    /// <summary>Makes a backup when one is due and no other process makes one, and then removes the oldest.</summary>
    /// <returns>What became of it; null when there was nothing to do.</returns>
    Task<BackupAttempt?> RunDueAsync(CancellationToken cancellationToken);

    /// <summary>The schedule, and what it has made; null when there is none.</summary>
    Task<BackupOverview?> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A schedule of backups.</summary>
/// <param name="Folder">Where they are.</param>
/// <param name="Keep">How many are kept.</param>
/// <param name="NextAt">When the next one is due, UTC; in the past while it is made, or no Worker runs.</param>
/// <param name="Last">The last attempt; null before the first.</param>
/// <param name="Items">The backups that are there, newest first.</param>
public sealed record BackupOverview(string Folder, int Keep, DateTimeOffset NextAt, BackupAttempt? Last, IReadOnlyList<ScheduledBackup> Items);

/// <summary>An attempt to make a backup.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="Error">Why there is no backup, or what it lacks, for people; null when it is complete.</param>
public sealed record BackupAttempt(DateTimeOffset At, string? Error = null);

/// <summary>A complete backup.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="TakenAt">The moment of which it is, UTC.</param>
/// <param name="CompletedAt">When it was complete, UTC.</param>
/// <param name="Images">Images in it.</param>
/// <param name="Bytes">Bytes of its files.</param>
/// <param name="Faults">Files that were missing or damaged in the store.</param>
public sealed record ScheduledBackup(string Name, DateTimeOffset TakenAt, DateTimeOffset CompletedAt, long Images, long Bytes, long Faults);
