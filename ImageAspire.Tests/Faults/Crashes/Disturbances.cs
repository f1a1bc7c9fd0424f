namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>What happens to processes beside the kills.</summary>
internal sealed class Disturbances(CrashOptions options, TestOracle oracle)
{
    private const int MostMinutes = 120;

    /// <summary>Sets the clock of all processes forward and back, at last to the true time.</summary>
    public async Task SetClockAsync(ProcessClock? clock, int seed, CancellationToken over)
    {
        var random = new Random(seed);
        while (clock is not null && !over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + random.NextDouble() * 6), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            clock.Set(over.IsCancellationRequested ? TimeSpan.Zero : TimeSpan.FromMinutes(random.Next(-MostMinutes, MostMinutes)));
            oracle.Count("clock jumps");
        }
    }

    /// <summary>Suspends one worker after the other for longer than its locks last; it resumes when others have done its work.</summary>
    public async Task FreezeAsync(List<CrashLoop> workers, int seed, CancellationToken over)
    {
        var random = new Random(seed);
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + random.NextDouble() * 4), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (workers[random.Next(workers.Count)].Current is not { HasExited: false } one)
                continue;
            one.Freeze();
            oracle.Count("workers frozen");
            await Task.Delay(options.LockDuration * 1.5, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            one.Thaw();
        }
    }
}
