using ImageAspire.Core.Errors;

namespace ImageAspire.Worker.Scrub;

/// <summary>
/// Reads every original again and again, slowly, and compares it with its record, so that damage is found while a backup or the uploader still
/// has the bytes. Of many Workers one does so at a time.
/// </summary>
internal sealed partial class ScrubService(Scrubber scrubber, ScrubLease lease, WorkerOptions options, TimeProvider time, ILogger<ScrubService> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(5);
    private const int LongestBackoff = 6; // doublings: 5 min 20 s
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ScrubBytesPerSecond == 0)
        {
            LogOff(logger);
            return;
        }

        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = TimeSpan.Zero;
            try
            {
                wait = await StepAsync(stoppingToken);
                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The host stops.
            }
            catch (Exception error)
            {
                wait = FirstBackoff * Math.Pow(2, Math.Min(failures++, LongestBackoff));
                LogInterrupted(logger, error is StoreUnavailableException ? LogLevel.Debug : LogLevel.Warning, error is StoreUnavailableException ? null : error, wait, error.Message);
            }

            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await ReleaseAsync();
    }

    private async Task<TimeSpan> StepAsync(CancellationToken stopping)
    {
        if (await lease.TryAcquireAsync(stopping))
            return await scrubber.StepAsync(stopping) ? TimeSpan.Zero : options.ScrubInterval < Idle ? options.ScrubInterval : Idle;
        scrubber.Rest();
        return Poll;
    }

    // So that the next process need not wait until the lease has run out.
    private async Task ReleaseAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(ReleaseLimit, time);
            await lease.ReleaseAsync(limit.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            LogNotReleased(logger, ScrubLease.Duration, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "The scrub is off (Worker:ScrubBytesPerSecond is 0): damage of stored originals is not looked for.")]
    private static partial void LogOff(ILogger logger);

    // Not a warning while a store is away: the health check logs that once, and this would repeat it at every turn.
    [LoggerMessage("The scrub is interrupted and goes on in {Wait}: {Reason}")]
    private static partial void LogInterrupted(ILogger logger, LogLevel level, Exception? error, TimeSpan wait, string reason);

    [LoggerMessage(LogLevel.Warning, "The progress of the scrub could not be stored; it goes on where it was last stored, in {Lease}: {Reason}")]
    private static partial void LogNotReleased(ILogger logger, TimeSpan lease, string reason);
}
