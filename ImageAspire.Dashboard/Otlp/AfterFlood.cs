using Microsoft.Extensions.Hosting;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>
/// Gives memory back when a flood of telemetry is over. What the stores drop is old, so the collector finds it late: after a flood the
/// process holds more than twice of what it needs, and with nothing to do it would never look again.
/// </summary>
internal sealed class AfterFlood(OtlpIntake intake, TimeProvider time) : BackgroundService
{
    // A collection of everything costs about a tenth of a second at the limits: only after much, and never while more comes.
    private const long Much = 32L << 20;
    private const long Little = 1L << 20;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        var (seen, collected) = (0L, 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var taken = intake.BytesTaken;
            if (taken - seen <= Little && taken - collected >= Much)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                collected = taken;
            }

            seen = taken;
        }
    }
}
