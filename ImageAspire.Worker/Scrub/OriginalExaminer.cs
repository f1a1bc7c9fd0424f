using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker.Scrub;

/// <summary>Tells a damaged original from a deleted image, from a read that went wrong once, and from a store that is away.</summary>
internal sealed partial class OriginalExaminer(IImageCatalog catalog, IBlobStore blobs, OriginalReader reader, TimeProvider time, ILogger<OriginalExaminer> logger)
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The damage of an original that two reads have shown; null when there is none, or the record says so itself, or the image was deleted.</summary>
    /// <exception cref="IOException">A store is away: nothing can be said about the image.</exception>
    public async Task<string?> ExamineAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        if (OriginalDamage.IsOnRecord(record) || await ReadAsync(record, cancellationToken) is not { } first)
            return null;
        if (await ReadAsync(record, cancellationToken) is not { } damage)
        {
            LogOnce(logger, record.Id, first);
            return null;
        }

        // Last: a deletion removes the record before the bytes.
        return await catalog.GetWithTrashAsync(record.Id, cancellationToken) is { } current && !OriginalDamage.IsOnRecord(current) ? damage : null;
    }

    private async Task<string?> ReadAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (damage, error) = await reader.ReadAsync(record, cancellationToken);
            if (damage is OriginalDamage.MissingBytes or OriginalDamage.Unreadable)
                await ProbeAsync(cancellationToken);
            if (error is null)
                return damage;
            if (attempt == MaxAttempts)
            {
                LogUnreadable(logger, record.Id, error);
                return damage;
            }

            await Task.Delay(Pause * attempt, time, cancellationToken);
        }
    }

    // On a disk that is not mounted every file is missing. Staging needs the store's folder; the query reaches the store itself, wherever that is.
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await (await blobs.StageAsync(cancellationToken)).DisposeAsync();
        await blobs.StatAsync(BlobNames.Original(new string('0', 64), Guid.Empty), cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "A read of the original of image {ImageId} has shown {Damage}, and the next one nothing wrong. Disk, memory or network may be failing.")]
    private static partial void LogOnce(ILogger logger, Guid imageId, string damage);

    [LoggerMessage(LogLevel.Warning, "The original of image {ImageId} cannot be read, although the blob store answers.")]
    private static partial void LogUnreadable(ILogger logger, Guid imageId, Exception error);
}
