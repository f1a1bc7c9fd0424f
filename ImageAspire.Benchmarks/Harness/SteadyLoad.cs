namespace ImageAspire.Benchmarks.Harness;

/// <summary>
/// Requests at a fixed rate, whether or not the answers keep up. Latency counts from when a request was due, so that a
/// server that pauses is charged for every request that was due meanwhile ("coordinated omission").
/// </summary>
internal static class SteadyLoad
{
    public static async Task<HttpLoad> RunAsync(
        int perSecond, TimeSpan duration, int clients, Func<CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var total = (int)(perSecond * duration.TotalSeconds);
        var times = new double[total];
        var next = -1;
        var start = clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var mine && mine < total)
            {
                var due = TimeSpan.FromSeconds((double)mine / perSecond);
                // Timers tick in milliseconds, and late; being early would count as negative time.
                while (due - clock.GetElapsedTime(start) is { Ticks: > 0 } wait)
                    await Task.Delay(wait + TimeSpan.FromMilliseconds(1), clock, cancellationToken);
                var begin = clock.GetElapsedTime(start);
                // A timer that fires late is this program's delay, not the server's; a client that was still busy is the server's.
                var charged = begin - due < TimeSpan.FromMilliseconds(5) ? begin : due;
                await send(cancellationToken);
                times[mine] = (clock.GetElapsedTime(start) - charged).TotalMilliseconds;
            }
        }, cancellationToken)));
        return new HttpLoad(total / clock.GetElapsedTime(start).TotalSeconds, new Samples(times));
    }
}
