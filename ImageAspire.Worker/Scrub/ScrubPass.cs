using ImageAspire.Core.Images;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker.Scrub;

/// <summary>Goes through the catalog, archived images included, oldest upload first; one image is one page, so that the position is exact.</summary>
internal sealed partial class ScrubPass(IImageCatalog catalog, ScrubLease lease, WorkerOptions options, TimeProvider time, ILogger<ScrubPass> logger)
{
    private string? _after;

    /// <summary>The next image to read; null when the pass is complete and the next one is not due.</summary>
    public async Task<ImageRecord?> NextAsync(CancellationToken cancellationToken)
    {
        if (lease.Progress.Complete || lease.Progress.Pass == 0)
        {
            if (!IsDue())
                return null;
            Begin();
        }

        var page = await PageAsync(cancellationToken);
        if (page.Items is [var record])
        {
            _after = page.Next;
            return record;
        }

        await CompleteAsync(cancellationToken);
        return null;
    }

    /// <summary>Counts the image that <see cref="NextAsync"/> has given, and goes on behind it.</summary>
    public async Task PassAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        lease.Advance(progress => progress with { Images = progress.Images + 1, Bytes = progress.Bytes + record.Bytes, Cursor = _after });
        if (_after is null)
            await CompleteAsync(cancellationToken);
    }

    private bool IsDue()
    {
        var since = time.GetUtcNow() - lease.Progress.StartedAt;
        return since >= options.ScrubInterval || since < TimeSpan.Zero; // the clock was set back
    }

    // To the millisecond, as it is stored: the cursor belongs to it.
    private void Begin()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        lease.Advance(progress => progress with { Pass = progress.Pass + 1, StartedAt = now, Images = 0, Bytes = 0, Cursor = null, Complete = false });
        LogBegins(logger, lease.Progress.Pass);
    }

    private async Task<ImagePage> PageAsync(CancellationToken cancellationToken)
    {
        var query = new ImageQuery { Archived = null, Sort = ImageSort.Oldest, Limit = 1, To = lease.Progress.StartedAt, Cursor = lease.Progress.Cursor };
        try
        {
            return await catalog.QueryAsync(query, cancellationToken);
        }
        catch (InvalidCursorException)
        {
            lease.Advance(progress => progress with { Images = 0, Bytes = 0, Cursor = null }); // of another version: once more from the beginning
            return await catalog.QueryAsync(query with { Cursor = null }, cancellationToken);
        }
    }

    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        lease.Advance(progress => progress with { Cursor = null, Complete = true, CompletedAt = time.GetUtcNow() });
        LogComplete(logger, lease.Progress.Pass, lease.Progress.Images, lease.Progress.Bytes);
        await lease.SaveAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Pass {Pass} of the scrub begins: every original is read and compared with its SHA-256.")]
    private static partial void LogBegins(ILogger logger, long pass);

    [LoggerMessage(LogLevel.Information, "Pass {Pass} of the scrub is complete: {Images} images, {Bytes} bytes.")]
    private static partial void LogComplete(ILogger logger, long pass, long images, long bytes);
}
