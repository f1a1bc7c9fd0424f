using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.AppHost.Model;

/// <summary>Restarts services that crashed, which Aspire's orchestrator does not.</summary>
internal static class CrashRestartExtensions
{
    /// <summary>Marks a resource to be restarted after a crash.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="invalidSettings">The exit code for invalid settings, after which a restart would not help.</param>
    public static IResourceBuilder<T> RestartAfterCrash<T>(this IResourceBuilder<T> resource, int? invalidSettings = null)
        where T : IResource => resource.WithAnnotation(new RestartAnnotation(invalidSettings));

    /// <summary>Restarts the marked resources while the AppHost runs.</summary>
    public static void RestartCrashedServices(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
            builder.Services.AddHostedService<CrashRestarts>();
    }

    internal sealed record RestartAnnotation(int? InvalidSettings) : IResourceAnnotation;
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
        // Once the application stops, a process that ends has not crashed.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (var change in notifications.WatchAsync(stopping.Token))
            {
                if (!change.Resource.TryGetLastAnnotation<CrashRestartExtensions.RestartAnnotation>(out var annotation))
                    continue;
                var policy = _policies.GetOrAdd(change.ResourceId, _ => new RestartPolicy(annotation.InvalidSettings, TimeProvider.System));
                var (delay, hasInvalidSettings) = policy.Observe(change.Snapshot.State?.Text, change.Snapshot.ExitCode);
                if (delay is { } wait)
                    _restarting[change.ResourceId] = RestartAsync(change, policy, wait, stopping.Token);
                else if (hasInvalidSettings)
                    _restarting[change.ResourceId] = ExplainAsync(change, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application stops.
        }

        await Task.WhenAll(_restarting.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RestartAsync(ResourceEvent crashed, RestartPolicy policy, TimeSpan delay, CancellationToken cancellationToken)
    {
        LogCrashed(logger, crashed.ResourceId, crashed.Snapshot.ExitCode, delay.TotalSeconds);
        await Task.Delay(delay, cancellationToken);
        if (!policy.IsDown)
            return; // an operator has started it
        var result = await commands.ExecuteCommandAsync(crashed.ResourceId, KnownResourceCommands.StartCommand, cancellationToken);
        if (!result.Success && !cancellationToken.IsCancellationRequested)
            LogNotStarted(logger, crashed.ResourceId, result.Message);
        await notifications.PublishUpdateAsync(crashed.Resource, crashed.ResourceId, now => now with
        {
            Properties = [.. now.Properties.Where(one => one.Name != Property), new ResourcePropertySnapshot(Property, policy.Restarts) { IsHighlighted = true }],
        });
    }

    // A service writes each invalid setting to its console; this repeats them where operators without the dashboard see them.
    private async Task ExplainAsync(ResourceEvent refused, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var batch in consoles.GetAllAsync(refused.ResourceId).WithCancellation(cancellationToken))
            lines.AddRange(batch.Select(line => line.Content));
        LogInvalidSettings(logger, refused.ResourceId, refused.Snapshot.ExitCode, string.Join(Environment.NewLine, lines.TakeLast(KeptLines)));
    }

    [LoggerMessage(LogLevel.Error, "{Resource} does not start (exit code {Code}), and is not restarted before you correct this:\n{Lines}")]
    private static partial void LogInvalidSettings(ILogger logger, string resource, int? code, string lines);

    [LoggerMessage(LogLevel.Warning, "{Resource} crashed (exit code {Code}); it is restarted in {Seconds} s.")]
    private static partial void LogCrashed(ILogger logger, string resource, int? code, double seconds);

    [LoggerMessage(LogLevel.Error, "{Resource} could not be restarted: {Message}. Start it on the dashboard.")]
    private static partial void LogNotStarted(ILogger logger, string resource, string? message);
}
