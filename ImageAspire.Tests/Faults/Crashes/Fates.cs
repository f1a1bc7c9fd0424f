using ImageAspire.Core.Failpoints;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>How a life ends.</summary>
/// <param name="Failpoint">At this one; null for a moment drawn by lot.</param>
/// <param name="After">The moment, from when it was ready.</param>
internal sealed record Fate(string? Failpoint, TimeSpan After)
{
    /// <summary>The moment counts from its start instead: it may die before it was ready.</summary>
    public bool Early { get; init; }

    /// <summary>The plan that the process is told; null for none.</summary>
    public string? Plan { get; init; }
}

/// <summary>How the lives of all processes of one kind end, until there is nothing left to try.</summary>
internal sealed class Fates
{
    private const int Chances = 3;
    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly List<string?> _left; // null is a moment drawn by lot
    private readonly Dictionary<string, int> _missed = [];

    public Fates(IEnumerable<string> failpoints, int randomKills, int seed)
    {
        _random = new Random(seed);
        _left = [.. failpoints, .. Enumerable.Repeat<string?>(null, randomKills)];
        _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_left));
    }

    /// <summary>The next one; null when nobody has to die any more.</summary>
    public Fate? Next()
    {
        lock (_lock)
        {
            if (_left.Count == 0)
                return null;
            var name = _left[^1];
            _left.RemoveAt(_left.Count - 1);
            // Some die while they start.
            if (name is null)
                return new Fate(null, TimeSpan.FromMilliseconds(_random.Next(1_500))) { Early = _random.Next(6) == 0 };
            // What every process comes by while it starts is met a little later, too.
            var often = name is FailpointNames.DatabaseBegun or FailpointNames.DatabaseBeforeCommit or FailpointNames.DatabaseCommitted;
            return new Fate(name, TimeSpan.FromSeconds(30)) { Plan = $"{name}=die@{(often ? _random.Next(1, 15) : 1)}" };
        }
    }

    /// <summary>It lived past its failpoint; it gets another chance, but not for ever.</summary>
    public void Missed(string name)
    {
        lock (_lock)
        {
            _missed[name] = _missed.GetValueOrDefault(name) + 1;
            if (_missed[name] < Chances)
                _left.Insert(0, name);
        }
    }
}
