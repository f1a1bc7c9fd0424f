namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>One instance of a service, which is killed by the schedule and restarted at once.</summary>
/// <param name="role">The name of the service in the report.</param>
/// <param name="start">Starts a process with a failpoint plan.</param>
/// <param name="ready">Returns when the process works, has ended, or does not become ready in a long time.</param>
/// <param name="schedule">Its kills.</param>
/// <param name="exits">Where the exits are recorded.</param>
internal sealed class CrashLoop(string role, Func<string?, ChildService> start, Func<ChildService, Task> ready, KillSchedule schedule, ExitLog exits)
{
    private volatile ChildService? _current;

    public ChildService? Current => _current;

    /// <summary>Runs until the schedule is finished, and then one process more until <paramref name="over"/>; that one is killed, too.</summary>
    /// <param name="finished">Called when the schedule is finished.</param>
    /// <param name="over">All loops have finished.</param>
    /// <param name="enough">Ends the schedule early.</param>
    public async Task RunAsync(Action finished, CancellationToken over, CancellationToken enough)
    {
        var isFinished = false;
        while (!over.IsCancellationRequested)
        {
            var kill = enough.IsCancellationRequested ? null : schedule.Next();
            if (kill is null && !isFinished)
            {
                isFinished = true;
                finished();
            }

            using var process = _current = start(kill?.Plan);
            if (kill is { Early: false, Failpoint: null })
                await ready(process); // however busy the machine is, most of them work before they are killed
            using var end = CancellationTokenSource.CreateLinkedTokenSource(over);
            if (kill is not null)
                end.CancelAfter(kill.After);
            await process.Exited.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (kill?.Failpoint is { } name && process.Kill())
                schedule.Missed(name);
            process.Kill();
            await process.ExitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            exits.Record(role, process);
        }
    }
}
