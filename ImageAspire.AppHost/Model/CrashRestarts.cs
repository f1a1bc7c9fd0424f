using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.AppHost.Model;

/// <summary>Starts services again that crashed, which Aspire's orchestrator does not.</summary>
internal static class CrashRestartExtensions
{
    /// <summary>Marks a resource to be started again after a crash.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="wrongSettings">The exit code that says that another start would not help.</param>
    public static IResourceBuilder<T> RestartAfterCrash<T>(this IResourceBuilder<T> resource, int? wrongSettings = null)
        where T : IResource => resource.WithAnnotation(new RestartAnnotation(wrongSettings));

    /// <summary>Watches the marked resources.</summary>
    public static void RestartCrashedServices(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
            builder.Services.AddHostedService<CrashRestarts>();
    }

    internal sealed record RestartAnnotation(int? WrongSettings) : IResourceAnnotation;
}

/// <summary>Follows the states of all marked resources; the count of restarts is a property of the resource on the dashboard.</summary>
internal sealed partial class CrashRestarts(
    ResourceNotificationService notifications, ResourceCommandService commands, ResourceLoggerService consoles, IHostApplicationLifetime lifetime, ILogger<CrashRestarts> logger)
    : BackgroundService
{
    private const string Property = "Restarts";
    private const int KeptLines = 20;
    private readonly ConcurrentDictionary<string, RestartPolicy> _policies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _restarting = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // From the moment on that everything stops: what ends now has not crashed.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (var change in notifications.WatchAsync(stopping.Token))
            {
                if (!change.Resource.TryGetLastAnnotation<CrashRestartExtensions.RestartAnnotation>(out var annotation))
                    continue;
                var policy = _policies.GetOrAdd(change.ResourceId, _ => new RestartPolicy(annotation.WrongSettings, TimeProvider.System));
                var (delay, refuses) = policy.Observe(change.Snapshot.State?.Text, change.Snapshot.ExitCode);
                if (delay is { } wait)
                    _restarting[change.ResourceId] = RestartAsync(change, policy, wait, stopping.Token);
                else if (refuses)
                    _restarting[change.ResourceId] = ExplainAsync(change, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Everything stops.
        }

        await Task.WhenAll(_restarting.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RestartAsync(ResourceEvent crashed, RestartPolicy policy, TimeSpan delay, CancellationToken cancellationToken)
    {
        LogCrashed(logger, crashed.ResourceId, crashed.Snapshot.ExitCode, delay.TotalSeconds);
        await Task.Delay(delay, cancellationToken);
        if (!policy.IsDown)
            return; // a person was quicker
        var result = await commands.ExecuteCommandAsync(crashed.ResourceId, KnownResourceCommands.StartCommand, cancellationToken);
        if (!result.Success && !cancellationToken.IsCancellationRequested)
            LogNotStarted(logger, crashed.ResourceId, result.Message);
        await notifications.PublishUpdateAsync(crashed.Resource, crashed.ResourceId, now => now with
        {
            Properties = [.. now.Properties.Where(one => one.Name != Property), new ResourcePropertySnapshot(Property, policy.Restarts) { IsHighlighted = true }],
        });
    }

    // A service names each wrong setting on its console. Not everybody looks at the dashboard.
    private async Task ExplainAsync(ResourceEvent refused, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var batch in consoles.GetAllAsync(refused.ResourceId).WithCancellation(cancellationToken))
            lines.AddRange(batch.Select(line => line.Content));
        LogRefuses(logger, refused.ResourceId, refused.Snapshot.ExitCode, string.Join(Environment.NewLine, lines.TakeLast(KeptLines)));
    }

    [LoggerMessage(LogLevel.Error, "{Resource} does not start (exit code {Code}), and is not started again before you correct this:\n{Lines}")]
    private static partial void LogRefuses(ILogger logger, string resource, int? code, string lines);

    [LoggerMessage(LogLevel.Warning, "{Resource} crashed (exit code {Code}); it is started again in {Seconds} s.")]
    private static partial void LogCrashed(ILogger logger, string resource, int? code, double seconds);

    [LoggerMessage(LogLevel.Error, "{Resource} could not be started again: {Message}. Start it on the dashboard.")]
    private static partial void LogNotStarted(ILogger logger, string resource, string? message);
}
