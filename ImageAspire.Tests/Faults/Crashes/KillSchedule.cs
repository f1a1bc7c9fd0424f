using ImageAspire.Core.Failpoints;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>How one process is killed.</summary>
/// <param name="Failpoint">It ends itself there; null to kill it at a random moment.</param>
/// <param name="After">When it is killed at the latest, counted from when it was ready.</param>
internal sealed record ScheduledKill(string? Failpoint, TimeSpan After)
{
    /// <summary>The moment counts from its start: it may be killed before it was ready.</summary>
    public bool Early { get; init; }

    /// <summary>The failpoint plan of the process; null for none.</summary>
    public string? Plan { get; init; }
}

/// <summary>The kills of all processes of one kind, in random order.</summary>
internal sealed class KillSchedule
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);
    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly TimeSpan _longest;
    private readonly List<string?> _left; // null is a kill at a random moment
    private readonly Dictionary<string, int> _missed = [];

    /// <param name="failpoints">Where processes die.</param>
    /// <param name="randomKills">How many are killed at random moments besides.</param>
    /// <param name="seed">Of the random choices.</param>
    /// <param name="longest">How long such a process works at most, before it is killed; 1.5 s unless given.</param>
    public KillSchedule(IEnumerable<string> failpoints, int randomKills, int seed, TimeSpan? longest = null)
    {
        _longest = longest ?? Short;
        _random = new Random(seed);
        _left = [.. failpoints, .. Enumerable.Repeat<string?>(null, randomKills)];
        _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_left));
    }

    /// <summary>The next one; null when the schedule is finished.</summary>
    public ScheduledKill? Next()
    {
        lock (_lock)
        {
            if (_left.Count == 0)
                return null;
            var name = _left[^1];
            _left.RemoveAt(_left.Count - 1);
            // Some are killed while they start.
            if (name is null)
                return new ScheduledKill(null, _longest * _random.NextDouble()) { Early = _random.Next(6) == 0 };
            // Failpoints that every start passes are also hit later in the life of a process.
            var often = name is FailpointNames.DatabaseBegun or FailpointNames.DatabaseBeforeCommit or FailpointNames.DatabaseCommitted;
            return new ScheduledKill(name, TimeSpan.FromSeconds(30)) { Plan = $"{name}=die@{(often ? _random.Next(1, 15) : 1)}" };
        }
    }

    /// <summary>The process did not reach its failpoint in time; the failpoint is scheduled again, up to three times.</summary>
    public void Missed(string name)
    {
        lock (_lock)
        {
            _missed[name] = _missed.GetValueOrDefault(name) + 1;
            if (_missed[name] < MaxAttempts)
                _left.Insert(0, name);
        }
    }
}
