using ImageAspire.Core.Ports;

namespace ImageAspire.Azure;

/// <summary>None: MongoDB and Blob Storage have backups of their own (docs/operations.md).</summary>
internal sealed class NoScheduledBackups : IScheduledBackups
{
    /// <inheritdoc />
    public Task<BackupAttempt?> RunDueAsync(CancellationToken cancellationToken) => Task.FromResult<BackupAttempt?>(null);

    /// <inheritdoc />
    public Task<BackupOverview?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<BackupOverview?>(null);
}
