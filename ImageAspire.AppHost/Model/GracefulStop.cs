using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.AppHost.Model;

/// <summary>Gives services time to drain their work in flight.</summary>
internal static class GracefulStopExtensions
{
    // A service's shutdown (25 s) within our timeout for it (30 s), and the orchestrator's own shutdown.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(45);

    /// <summary>
    /// On Ctrl+C, SIGTERM and SIGHUP services have up to 30 seconds to finish or give back their work in flight. The orchestrator would kill them
    /// after six, so they are stopped before it. Add it last: hosted services stop in reverse order.
    /// </summary>
    public static void StopServicesGracefully(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
            return;
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddHostedService<GracefulStop>();
    }
}

/// <summary>
/// Sends SIGTERM to every running process and waits for it: first to the services, then to what they wait for at their start, because they use it until their end. A second
/// signal to the AppHost ends the wait.
/// </summary>
internal sealed partial class GracefulStop(ResourceNotificationService notifications, IHostApplicationLifetime lifetime, ILogger<GracefulStop> logger) : BackgroundService
{
    private const string ProcessId = "executable.pid";
    private const int SigTerm = 15;
    private static readonly TimeSpan ServiceTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<string, (IResource Resource, int Id)> _processes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _secondSignal = new();
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
            return; // no signals: the orchestrator ends its processes
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _secondSignal.Token);
        limit.CancelAfter(ServiceTimeout);
        var used = _processes.Values.SelectMany(process => process.Resource.Annotations.OfType<WaitAnnotation>()).Select(wait => wait.Resource).ToHashSet();
        foreach (var together in _processes.ToLookup(process => used.Contains(process.Value.Resource)).OrderBy(group => group.Key))
            await Task.WhenAll(together.Select(process => StopProcessAsync(process.Key, process.Value.Id, limit.Token)));
    }

    public override void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _secondSignal.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            var process = change.Snapshot.Properties.FirstOrDefault(one => one.Name == ProcessId)?.Value as int?;
            if (change.Snapshot.State?.Text == KnownResourceStates.Running && process is { } id && change.Resource.HasAnnotationOfType<CrashRestartExtensions.RestartAnnotation>())
                _processes[change.ResourceId] = (change.Resource, id);
            else if (change.Snapshot.State?.Text is { } state && KnownResourceStates.TerminalStates.Contains(state))
                _processes.TryRemove(change.ResourceId, out _);
        }
    }

    private async Task StopProcessAsync(string resource, int process, CancellationToken cancellationToken)
    {
        LogSignalled(logger, resource, process);
        _ = Kill(process, SigTerm);
        using var timer = new PeriodicTimer(PollInterval);
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
        context.Cancel = true; // the process ends after its services
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            _secondSignal.Cancel();
        else
            lifetime.StopApplication();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LoggerMessage(LogLevel.Debug, "Sent SIGTERM to {Resource} (process {Process}).")]
    private static partial void LogSignalled(ILogger logger, string resource, int process);

    [LoggerMessage(LogLevel.Warning, "{Resource} (process {Process}) has not ended; the orchestrator kills it now. Its messages are redelivered.")]
    private static partial void LogStillRuns(ILogger logger, string resource, int process);
}
