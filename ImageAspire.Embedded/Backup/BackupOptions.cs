using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Backup;

/// <summary>When backups are made by themselves, and where (configuration section <c>Embedded:Backups</c>).</summary>
public sealed class BackupOptions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromDays(365);

    /// <summary>The folder of the backups, each in a folder of its own; best on another disk. Empty: there is no schedule.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Time of day, UTC, of a backup every day. Null: every <see cref="Interval"/> after the one before.</summary>
    public TimeSpan? At { get; set; }

    /// <summary>From one backup to the next, without a time of day.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many are kept, 1–1000.</summary>
    public int Keep { get; set; } = 7;

    /// <summary>When the next backup is due after one; at once when there is none.</summary>
    internal DateTimeOffset NextAfter(DateTimeOffset? last, DateTimeOffset now)
    {
        if (last is not { } taken)
            return now;
        if (At is not { } time)
            return taken + Interval;
        var thatDay = new DateTimeOffset(taken.UtcDateTime.Date, TimeSpan.Zero) + time;
        return thatDay > taken ? thatDay : thatDay.AddDays(1);
    }

    /// <summary>What is wrong with the settings, each as one sentence.</summary>
    /// <param name="section">Name of the section.</param>
    /// <param name="dataFolder">The data folder.</param>
    internal IEnumerable<string> Errors(string section, string dataFolder)
    {
        if (Keep is < 1 or > 1000)
            yield return $"{section}:{nameof(Keep)} is {Keep}; it must be a whole number from 1 to 1000.";
        if (Interval < Shortest || Interval > Longest)
            yield return $"{section}:{nameof(Interval)} is {Interval}; it must be a time from {Shortest} to {Longest}, for example 1.00:00:00.";
        if (At is { } time && (time < TimeSpan.Zero || time >= TimeSpan.FromDays(1)))
            yield return $"{section}:{nameof(At)} is {time}; it must be a time of day (UTC) from 00:00:00 to 23:59:59.";
        if (Folder.Length > 0 && dataFolder.Length > 0 && (FolderPaths.IsInside(Folder, dataFolder) || FolderPaths.IsInside(dataFolder, Folder)))
            yield return $"{section}:{nameof(Folder)} is '{Folder}', and the data folder '{dataFolder}': neither may be inside of the other. Choose a folder elsewhere, best on another disk.";
    }
}
