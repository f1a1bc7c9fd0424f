namespace ImageAspire.Core.Heartbeats;

/// <summary>Who is there, and what the running processes see of their dependencies, at one moment.</summary>
/// <param name="Heartbeats">The last heartbeat of each process.</param>
/// <param name="At">The moment, UTC.</param>
public sealed record ServiceOverview(IReadOnlyList<Heartbeat> Heartbeats, DateTimeOffset At)
{
    /// <summary>The processes that run now.</summary>
    /// <param name="service">One of <see cref="ServiceNames"/>; null for all.</param>
    public IEnumerable<Heartbeat> Running(string? service = null) =>
        Heartbeats.Where(one => (service is null || one.Service == service) && HeartbeatRules.StateOf(one, At) == ProcessState.Running);

    /// <summary>Since when no process of a service runs, UTC; null when one runs, or none ever did.</summary>
    public DateTimeOffset? NoneSince(string service) => Running(service).Any() ? null
        : Heartbeats.Where(one => one.Service == service).Select(EndOf).DefaultIfEmpty().Max() is { Ticks: > 0 } end ? end : null;

    /// <summary>When a process that does not run ended, as far as it is known: when it said so, or its last heartbeat.</summary>
    public static DateTimeOffset EndOf(Heartbeat heartbeat) => heartbeat.StoppedAt ?? heartbeat.At;

    /// <summary>Who calls whom, of all running processes together.</summary>
    public IReadOnlyList<CallFigures> Calls() => CallFigures.Sum(Running().SelectMany(process => process.Calls));

    /// <summary>The dependencies, as the running processes see them.</summary>
    /// <param name="service">Only of this service; null for all.</param>
    public IReadOnlyList<DependencyView> Dependencies(string? service = null) => [.. Running(service)
        .SelectMany(process => process.Dependencies.Select(state => (process.Name, State: state)))
        .GroupBy(one => one.State.Name)
        .Select(seen => DependencyView.Of(seen.Key, [.. seen]))];
}

/// <summary>A dependency as several processes see it.</summary>
/// <param name="Name">One of <see cref="DependencyNames"/>.</param>
/// <param name="Available">False when one of them sees it away.</param>
/// <param name="Since">When the first of them lost it; or, when it is available, since when all of them see it so. UTC.</param>
/// <param name="Reason">What the first that lost it says; null when it is available.</param>
/// <param name="LostBy">Names of the processes that see it away.</param>
/// <param name="SeenByAll">Whether every process that uses it sees the same.</param>
public sealed record DependencyView(string Name, bool Available, DateTimeOffset Since, string? Reason, IReadOnlyList<string> LostBy, bool SeenByAll)
{
    internal static DependencyView Of(string name, IReadOnlyList<(string Process, DependencyState State)> seen)
    {
        var lost = seen.Where(one => !one.State.Available).OrderBy(one => one.State.Since).ToList();
        return lost.Count == 0
            ? new DependencyView(name, true, seen.Max(one => one.State.Since), null, [], true)
            : new DependencyView(name, false, lost[0].State.Since, lost[0].State.Reason, [.. lost.Select(one => one.Process)], lost.Count == seen.Count);
    }
}
