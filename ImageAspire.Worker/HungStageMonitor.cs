using ImageAspire.ServiceDefaults;

namespace ImageAspire.Worker;

/// <summary>
/// Counts work that ignores its cancellation. Only the end of the process ends such work: when there is as much of it as the Worker may run
/// at once, the host shuts down with <see cref="ExitCode"/>, and its supervisor starts a new process.
/// </summary>
internal sealed partial class HungStageMonitor(IHostApplicationLifetime lifetime, HostExit exit, WorkerOptions options, ILogger<HungStageMonitor> logger)
{
    /// <summary><c>EX_SOFTWARE</c> of sysexits.h.</summary>
    public const int ExitCode = 70;

    private int _count;

    /// <summary>How much hung work there is now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes over work that its executor no longer waits for.</summary>
    public void Abandon(string stage, Guid imageId, Task work)
    {
        var count = Interlocked.Increment(ref _count);
        LogHangs(logger, stage, imageId, count);
        _ = ForgetAsync(stage, imageId, work);
        if (count < options.Concurrency || lifetime.ApplicationStopping.IsCancellationRequested)
            return;
        LogTooMany(logger, count);
        exit.Code = ExitCode;
        lifetime.StopApplication();
    }

    // Its result is ignored: the attempt was counted, and the message has been given back.
    private async Task ForgetAsync(string stage, Guid imageId, Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _count);
        LogEnded(logger, stage, imageId, work.Status);
    }

    [LoggerMessage(LogLevel.Error, "{Stage}: the work on image {ImageId} ignores its cancellation and is abandoned; {Count} such in this process.")]
    private static partial void LogHangs(ILogger logger, string stage, Guid imageId, int count);

    [LoggerMessage(LogLevel.Warning, "{Stage}: the abandoned work on image {ImageId} has ended ({Status}).")]
    private static partial void LogEnded(ILogger logger, string stage, Guid imageId, TaskStatus status);

    [LoggerMessage(LogLevel.Critical, "{Count} executions hang. This process shuts down and must be restarted.")]
    private static partial void LogTooMany(ILogger logger, int count);
}
