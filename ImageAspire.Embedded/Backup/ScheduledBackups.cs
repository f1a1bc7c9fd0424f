using System.Globalization;
using System.Text.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Files;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Backup;

/// <summary>
/// Makes backups by a schedule. What is due follows from the backups that are there: so a restart changes nothing, and one that was missed is
/// made up. The last attempt is in a small file of the data folder, for the other processes.
/// </summary>
internal sealed partial class ScheduledBackups(DataFolder data, BackupOptions options, TimeProvider time, ILogger<ScheduledBackups> logger) : IScheduledBackups
{
    private const string LockName = ".backup-lock", StateName = "backups.json";

    /// <summary>From a failure to the next attempt.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(15);

    private readonly BackupShelf _shelf = new(Path.GetFullPath(options.Folder.Length > 0 ? options.Folder : "."), time);

    public async Task<BackupOverview?> ReadAsync(CancellationToken cancellationToken)
    {
        if (options.Folder.Length == 0)
            return null;
        var (items, last) = (await _shelf.ListAsync(cancellationToken), await ReadLastAsync(cancellationToken));
        return new BackupOverview(Path.GetFullPath(options.Folder), options.Keep, NextAt(items, last), last, items);
    }

    public async Task<BackupAttempt?> RunDueAsync(CancellationToken cancellationToken)
    {
        if (!await IsDueAsync(cancellationToken))
            return null;
        using var processLock = new ProcessLock(data.PathOf(LockName));
        // Another process may have made it meanwhile.
        if (!processLock.TryAcquire() || !await IsDueAsync(cancellationToken))
            return null;
        var began = time.GetUtcNow();
        try
        {
            var made = await _shelf.AddAsync(data.FullPath, new LogLines(logger), cancellationToken);
            LogMade(logger, made.Images, made.Bytes, made.Linked);
            await _shelf.KeepAsync(options.Keep, cancellationToken);
            return await WriteLastAsync(new BackupAttempt(began, made.Faults == 0 ? null
                : string.Create(CultureInfo.InvariantCulture, $"{made.Faults} files were missing or damaged in the store; everything else is in the backup. Run 'imageaspire verify'.")));
        }
        catch (BackupException busy) when (busy.Problem == BackupProblem.Busy)
        {
            return null; // an operator's backup or verification; the next look tries again
        }
        catch (Exception error) when (error is BackupException or IOException or UnauthorizedAccessException)
        {
            return await WriteLastAsync(new BackupAttempt(began, error.Message));
        }
    }

    private async Task<bool> IsDueAsync(CancellationToken cancellationToken) =>
        await ReadAsync(cancellationToken) is { } overview && overview.NextAt <= time.GetUtcNow();

    private DateTimeOffset NextAt(IReadOnlyList<ScheduledBackup> items, BackupAttempt? last)
    {
        var now = time.GetUtcNow();
        var newest = items.Count > 0 ? items[0].TakenAt : (DateTimeOffset?)null;
        // From a clock that was ahead: it would put off the next one until then.
        var next = newest > now ? now : options.NextAfter(newest, now);
        var failed = last is { Error: not null } && last.At >= (newest ?? DateTimeOffset.MinValue) && last.At <= now && next <= now ? last.At + RetryAfter : next;
        return failed > next ? failed : next;
    }

    private async Task<BackupAttempt?> ReadLastAsync(CancellationToken cancellationToken)
    {
        try
        {
            return RegularFiles.Find(data.PathOf(StateName)) is { } file
                ? JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file.FullName, cancellationToken), BackupJson.Default.BackupAttempt) : null;
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null; // it is just being written, or damaged: the next attempt writes it anew
        }
    }

    private async Task<BackupAttempt> WriteLastAsync(BackupAttempt attempt)
    {
        try
        {
            var path = data.PathOf(StateName);
            File.Delete(path + ".part"); // of a process that died
            File.Delete(path);
            await PrivateFiles.WriteAtomicallyAsync(path, JsonSerializer.SerializeToUtf8Bytes(attempt, BackupJson.Default.BackupAttempt), CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotKept(logger, error);
        }

        return attempt;
    }

    /// <summary>Faults that a backup meets, in the log.</summary>
    private sealed class LogLines(ILogger logger) : IProgress<string>
    {
        public void Report(string value) => LogLine(logger, value);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A backup was made: {Images} images, {Bytes} bytes; {Linked} files are hard links.")]
    private static partial void LogMade(ILogger logger, long images, long bytes, long linked);

    [LoggerMessage(Level = LogLevel.Information, Message = "Backup: {Line}")]
    private static partial void LogLine(ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What became of the last backup could not be written down.")]
    private static partial void LogNotKept(ILogger logger, Exception error);
}
