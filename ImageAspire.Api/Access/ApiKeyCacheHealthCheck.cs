using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Api.Access;

/// <summary>Whether the cached keys are current. Outdated ones only degrade the instance: existing keys still work.</summary>
internal sealed class ApiKeyCacheHealthCheck(ApiKeyCache cache, ApiKeyCacheRefresher refresher, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !cache.IsLoaded ? HealthCheckResult.Degraded("the store of the keys could not be read yet; only configured keys work")
        : time.GetUtcNow() - refresher.RefreshedAt < Fresh ? HealthCheckResult.Healthy()
        : HealthCheckResult.Degraded($"the store of the keys could not be read since {refresher.RefreshedAt:O}; the keys cached then still work"));
}
