using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Api.Access;

/// <summary>Whether the copy of the keys is fresh. An old one is no reason to take this instance away: whoever had a key still gets in.</summary>
internal sealed class KeyHealth(KeyRing ring, KeyRefresh refresh, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !ring.IsLoaded ? HealthCheckResult.Degraded("the store of the keys could not be read yet; only the keys of the configuration work")
        : time.GetUtcNow() - refresh.LookedAt < Fresh ? HealthCheckResult.Healthy()
        : HealthCheckResult.Degraded($"the store of the keys could not be read since {refresh.LookedAt:O}; those known then work"));
}
