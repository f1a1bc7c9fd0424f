using ImageAspire.ServiceDefaults;

namespace ImageAspire.Worker;

/// <summary>
/// Work that does not end although it was told to. Nothing can end it but the end of the process: when so much of it has piled up as the
/// worker may do at once, the process comes to its end in good order, and whoever looks after it starts a new one.
/// </summary>
/// <param name="lifetime">The host's.</param>
/// <param name="exit">How the process ends.</param>
/// <param name="options">How much the worker may do at once.</param>
/// <param name="logger">Log.</param>
public sealed partial class HungStageMonitor(IHostApplicationLifetime lifetime, HostExit exit, WorkerOptions options, ILogger<HungStageMonitor> logger)
{
    /// <summary>Exit code of a worker that has too much of it; <c>EX_SOFTWARE</c> of sysexits.h.</summary>
    public const int ExitCode = 70;

    private int _count;

    /// <summary>How much there is now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Notes work that nobody waits for any longer.</summary>
    /// <param name="stage">Whose.</param>
    /// <param name="imageId">With which image.</param>
    /// <param name="work">The work.</param>
    public void Add(string stage, Guid imageId, Task work)
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

    // What it says in the end is nobody's business any more: its attempt was counted, and its image is somebody else's.
    private async Task ForgetAsync(string stage, Guid imageId, Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _count);
        LogEnded(logger, stage, imageId, work.Status);
    }

    [LoggerMessage(LogLevel.Error, "{Stage}: the work on image {ImageId} does not end although it was told to; nobody waits for it any longer. {Count} such in this process.")]
    private static partial void LogHangs(ILogger logger, string stage, Guid imageId, int count);

    [LoggerMessage(LogLevel.Warning, "{Stage}: the work on image {ImageId} that nobody waited for any longer has ended ({Status}).")]
    private static partial void LogEnded(ILogger logger, string stage, Guid imageId, TaskStatus status);

    [LoggerMessage(LogLevel.Critical, "{Count} pieces of work hang. This process ends, and should be started again.")]
    private static partial void LogTooMany(ILogger logger, int count);
}
