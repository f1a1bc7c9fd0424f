using System.Globalization;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Worker;

/// <summary>Health: whether the last scheduled backup was complete. The reason has paths, and is not on this page, which every user of the machine can read.</summary>
internal sealed class BackupsCheck(IScheduledBackups backups) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await backups.ReadAsync(cancellationToken) is { Last: { Error: not null, At: var at } }
                ? HealthCheckResult.Degraded(string.Create(CultureInfo.InvariantCulture,
                    $"the scheduled backup of {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC failed or lacks something; /operations/ and the log have the reason"))
                : HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Degraded("the folder of the scheduled backups cannot be read");
        }
    }
}
