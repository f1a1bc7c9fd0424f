namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Where processes exited. An exit that was not asked for violates an invariant.</summary>
/// <param name="oracle">Where violations are recorded.</param>
/// <param name="storesDie">Whether stores are killed too: a service that starts meanwhile may end with the code for it.</param>
internal sealed class ExitLog(TestOracle oracle, bool storesDie)
{
    private const int StoresAreAway = 75; // docs/adr/0011-time-limits-and-exit-codes.md

    private readonly Lock _lock = new();
    private readonly HashSet<string> _diedAt = [];

    /// <summary>Failpoints at which a process died, as role and name.</summary>
    public IReadOnlySet<string> DiedAt
    {
        get
        {
            lock (_lock)
                return _diedAt.ToHashSet();
        }
    }

    public void Record(string role, ChildService process)
    {
        oracle.Count($"{role} lives");
        if (process.Killed || process.DiedAt is not null)
            oracle.Count("kills");
        if (storesDie && process is { Killed: false, ExitCode: StoresAreAway })
            oracle.Count("starts without stores");
        else if (process.Trouble() is { } trouble)
            oracle.Violations.Enqueue(trouble);
        if (process.DiedAt is not { } name)
            return;
        lock (_lock)
            _diedAt.Add($"{role}: {name}");
        oracle.Count("deaths at failpoints");
    }
}
