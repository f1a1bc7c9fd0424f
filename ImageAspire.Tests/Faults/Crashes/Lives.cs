namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>One service after the other in one place: each lives until its fate, and the next is started at once.</summary>
/// <param name="role">Of whom.</param>
/// <param name="start">Starts one; told the plan of its failpoints.</param>
/// <param name="ready">Returns when it works, or is gone, or does not come to it in a long time.</param>
/// <param name="fates">How they end.</param>
/// <param name="ledger">Where deaths are written down.</param>
internal sealed class Lives(string role, Func<string?, ChildService> start, Func<ChildService, Task> ready, Fates fates, Ledger ledger)
{
    private volatile ChildService? _now;

    /// <summary>Who lives now.</summary>
    public ChildService? Now => _now;

    /// <summary>Runs until there is no fate left, and then one life more, until it is told that it is over; that one is killed, too.</summary>
    /// <param name="done">Told when there is no fate left.</param>
    /// <param name="over">Everybody is done.</param>
    /// <param name="enough">No more deaths are wanted.</param>
    public async Task RunAsync(Action done, CancellationToken over, CancellationToken enough)
    {
        var told = false;
        while (!over.IsCancellationRequested)
        {
            var fate = enough.IsCancellationRequested ? null : fates.Next();
            if (fate is null && !told)
            {
                told = true;
                done();
            }

            using var one = _now = start(fate?.Plan);
            if (fate is { Early: false, Failpoint: null })
                await ready(one); // however busy the machine is, most of them come to work before they die
            using var end = CancellationTokenSource.CreateLinkedTokenSource(over);
            if (fate is not null)
                end.CancelAfter(fate.After);
            await one.Exited.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (fate?.Failpoint is { } name && one.Kill())
                fates.Missed(name);
            one.Kill();
            await one.ExitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            ledger.Died(role, one);
        }
    }
}

/// <summary>Who died, where, and who should not have.</summary>
internal sealed class Ledger(Journal journal)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _diedAt = [];

    public IReadOnlySet<string> DiedAt
    {
        get
        {
            lock (_lock)
                return _diedAt.ToHashSet();
        }
    }

    public void Died(string role, ChildService one)
    {
        journal.Count($"{role} lives");
        if (one.Killed || one.DiedAt is not null)
            journal.Count("kills");
        if (one.Trouble() is { } trouble)
            journal.Violations.Enqueue(trouble);
        if (one.DiedAt is not { } name)
            return;
        lock (_lock)
            _diedAt.Add($"{role}: {name}");
        journal.Count("deaths at failpoints");
    }
}
