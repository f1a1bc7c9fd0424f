using System.Globalization;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Worker.Scrub;

/// <summary>Health: whether originals are known to be damaged. Names of images are not on this page, which every user of the machine can read.</summary>
internal sealed class OriginalsCheck(IScrubFindingStore findings) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var (total, items) = await findings.ListAsync(ScrubFindings.MaxListed, cancellationToken);
            if (items.MinBy(one => one.FoundAt) is not { } first)
                return HealthCheckResult.Healthy();
            var count = total == 1 ? "1 original is" : string.Create(CultureInfo.InvariantCulture, $"{total} originals are");
            return HealthCheckResult.Degraded(
                $"{count} damaged in the blob store, first found: image {first.ImageId} ({first.Damage}). Upload the same file again, or copy it from a backup; /operations/ lists all.");
        }
        catch (StoreUnavailableException)
        {
            return HealthCheckResult.Degraded("the findings of the scrub cannot be read");
        }
    }
}
