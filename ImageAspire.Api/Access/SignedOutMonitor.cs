namespace ImageAspire.Api.Access;

/// <summary>Ends the live feeds of sessions that were signed out on another instance, within <c>Access:KeyPoll</c>.</summary>
internal sealed partial class SignedOutMonitor(SessionLifetimes lifetimes, SpentTokens spent, AccessOptions options, TimeProvider time, ILogger<SignedOutMonitor> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.KeyPoll, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await EndSignedOutAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task EndSignedOutAsync(CancellationToken cancellationToken)
    {
        if (lifetimes.Tracked is not { Count: > 0 } sessions)
            return;
        try
        {
            await lifetimes.EndAsync(await spent.FindSpentAsync(sessions, cancellationToken));
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnavailable(logger, error); // the next tick asks again; the refresh of the keys warns once
        }
    }

    [LoggerMessage(LogLevel.Debug, "Which sessions are signed out cannot be read; their live feeds go on.")]
    private static partial void LogUnavailable(ILogger logger, Exception error);
}
