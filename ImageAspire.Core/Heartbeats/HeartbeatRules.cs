namespace ImageAspire.Core.Heartbeats;

/// <summary>What heartbeats mean.</summary>
public static class HeartbeatRules
{
    /// <summary>How often a process writes one.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A process whose last heartbeat is older has missed four, and counts as gone.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(20);

    /// <summary>How long a process that ended is shown. The last one of a service is kept for longer: it says since when there is none.</summary>
    public static readonly TimeSpan Shown = TimeSpan.FromMinutes(15);

    /// <summary>Whether the process runs, has stopped, or is gone without a word.</summary>
    /// <param name="heartbeat">Its last heartbeat.</param>
    /// <param name="now">The time, UTC.</param>
    public static ProcessState StateOf(Heartbeat heartbeat, DateTimeOffset now) => heartbeat.StoppedAt is not null ? ProcessState.Stopped
        : now - heartbeat.At > GoneAfter ? ProcessState.Gone : ProcessState.Running;

    /// <summary>Heartbeats that no longer say anything: of processes that ended long ago, except the last one of each service.</summary>
    /// <param name="all">Every stored heartbeat.</param>
    /// <param name="now">The time, UTC.</param>
    public static IEnumerable<Heartbeat> Obsolete(IReadOnlyCollection<Heartbeat> all, DateTimeOffset now) => all
        .GroupBy(one => one.Service)
        .SelectMany(service => service.OrderByDescending(one => one.At).Skip(1))
        .Where(one => StateOf(one, now) != ProcessState.Running && now - one.At > Shown);
}

/// <summary>The state of a process.</summary>
public enum ProcessState
{
    /// <summary>It sends heartbeats.</summary>
    Running,

    /// <summary>It said that it stops.</summary>
    Stopped,

    /// <summary>Its heartbeats ended without a word: it died, hangs, or cannot write to the store.</summary>
    Gone,
}
