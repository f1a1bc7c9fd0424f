using ImageAspire.Vision.Api;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Vision.Hosting;

/// <summary>Unhealthy until every engine has run once.</summary>
internal sealed class EngineHealth(Readiness readiness) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(readiness.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The models are loading."));
}
