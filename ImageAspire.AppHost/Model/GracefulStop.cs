using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.AppHost.Model;

/// <summary>Time to drain for services that have work in flight.</summary>
internal static class GracefulStopExtensions
{
    // What a service gets (25 s), what we wait for it (30 s), and the orchestrator's own end.
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(45);

    /// <summary>
    /// On Ctrl+C, SIGTERM and SIGHUP services may finish or give back what they have begun, up to 30 seconds. The orchestrator would kill them
    /// after six, so they are asked to end before it is. To be added last: hosted services stop in reverse order.
    /// </summary>
    public static void StopServicesGracefully(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Whole);
        builder.Services.AddHostedService<GracefulStop>();
    }
}

/// <summary>Asks every running process to end, and waits. Asked a second time, it waits no longer.</summary>
internal sealed partial class GracefulStop(ResourceNotificationService notifications, IHostApplicationLifetime lifetime, ILogger<GracefulStop> logger) : BackgroundService
{
    private const string ProcessId = "executable.pid";
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<string, int> _processes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _atOnce = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (OperatingSystem.IsWindows())
            return; // no signals there: the orchestrator ends its processes
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _atOnce.Token);
        limit.CancelAfter(Patience);
        await Task.WhenAll(_processes.Select(process => EndAsync(process.Key, process.Value, limit.Token)));
    }

    public override void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _atOnce.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            var process = change.Snapshot.Properties.FirstOrDefault(one => one.Name == ProcessId)?.Value as int?;
            if (change.Snapshot.State?.Text == KnownResourceStates.Running && process is { } id && change.Resource.HasAnnotationOfType<CrashRestartExtensions.RestartAnnotation>())
                _processes[change.ResourceId] = id;
            else if (change.Snapshot.State?.Text is { } state && KnownResourceStates.TerminalStates.Contains(state))
                _processes.TryRemove(change.ResourceId, out _);
        }
    }

    private async Task EndAsync(string resource, int process, CancellationToken cancellationToken)
    {
        LogAsked(logger, resource, process);
        _ = Kill(process, SigTerm);
        using var timer = new PeriodicTimer(Look);
        while (Kill(process, 0) == 0)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                LogStillRuns(logger, resource, process);
                return;
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // the end comes when the services have ended
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            _atOnce.Cancel();
        else
            lifetime.StopApplication();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LoggerMessage(LogLevel.Debug, "Asked {Resource} (process {Process}) to end.")]
    private static partial void LogAsked(ILogger logger, string resource, int process);

    [LoggerMessage(LogLevel.Warning, "{Resource} (process {Process}) has not ended; the orchestrator ends it now. What it had begun is done by others.")]
    private static partial void LogStillRuns(ILogger logger, string resource, int process);
}
