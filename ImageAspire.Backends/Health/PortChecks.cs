using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Backends.Health;

/// <summary>A health check for each port. Without a store or the topic nothing works; without the analyser images only wait.</summary>
internal static class PortChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Adds the checks, after the adapters: the built-in analyser has no check.</summary>
    public static void AddPortChecks(this IServiceCollection services)
    {
        var checks = services.AddHealthChecks()
            .Add(Check(DependencyNames.Documents, HealthStatus.Unhealthy, (provider, token) => provider.GetRequiredService<IImageCatalog>().GetAsync(Guid.Empty, token)))
            .Add(Check(DependencyNames.Blobs, HealthStatus.Unhealthy, (provider, token) => TryBlobsAsync(provider.GetRequiredService<IBlobStore>(), token)))
            .Add(Check(DependencyNames.Topic, HealthStatus.Unhealthy, (provider, token) => provider.GetRequiredService<ITopicOperations>().ProbeAsync(token)));
        // Degraded: everything but uploads works.
        checks.Add(Check(DependencyNames.Space, HealthStatus.Degraded, (provider, token) => provider.GetRequiredService<IStorageSpace>().CheckAsync(0, token).AsTask()));
        if (services.Any(service => service.ServiceType == typeof(AnalyzerObservation)))
            checks.Add(Check(DependencyNames.Vision, HealthStatus.Degraded, (provider, token) => provider.GetRequiredService<AnalyzerObservation>().ProbeAsync(token)));
    }

    private static HealthCheckRegistration Check(string name, HealthStatus failed, Func<IServiceProvider, CancellationToken, Task> attempt)
    {
        // Each check has its own scope; only an attempt that may still hang outlives it.
        var last = new LastAttempt();
        return new(name, provider => new PortCheck(last, token => attempt(provider, token)), failed, [DependencyNames.Tag], Patience);
    }

    // Staging opens a real file, and disposing removes it; the query for a blob reaches the store itself, wherever that is.
    private static async Task TryBlobsAsync(IBlobStore blobs, CancellationToken cancellationToken)
    {
        await using var staged = await blobs.StageAsync(cancellationToken);
        await staged.Content.WriteAsync(new byte[ImageFormat.SniffLength], cancellationToken);
        await staged.Content.FlushAsync(cancellationToken);
        await blobs.StatAsync(BlobNames.Original(new string('0', 64), Guid.Empty), cancellationToken);
    }

    private sealed class LastAttempt
    {
        public Task? Task { get; set; }
    }

    /// <summary>Checks a port. A driver may not observe its token at once; the result does not wait for it.</summary>
    private sealed class PortCheck(LastAttempt last, Func<CancellationToken, Task> attempt) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var failed = context.Registration.FailureStatus;
            try
            {
                // Not on this thread: a driver that blocks would delay the other checks and the time limit. An attempt that still hangs
                // is awaited again instead of starting another one every second.
                if (last.Task is not { IsCompleted: false })
                    last.Task = Task.Run(() => attempt(cancellationToken), CancellationToken.None);
                await last.Task.WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return new HealthCheckResult(failed, $"no answer within {Patience.TotalSeconds:0} s");
            }
            catch (Exception error)
            {
                return new HealthCheckResult(failed, HealthReasons.Of(error), error);
            }
        }
    }
}
