namespace ImageAspire.AppHost.Model;

/// <summary>When a process that crashed is started again: after 0.5 s, doubling to 30 s; a minute of running resets that.</summary>
/// <param name="wrongSettings">The exit code that says "my settings are wrong": another start would not help. Null when it has none.</param>
/// <param name="time">The clock.</param>
internal sealed class RestartPolicy(int? wrongSettings, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);
    private string? _state;
    private long? _runningSince;
    private TimeSpan _next = First;

    /// <summary>How many times it crashed and was to be started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Takes note of a state.</summary>
    /// <param name="state">One of <see cref="KnownResourceStates"/>; null when it is not known.</param>
    /// <param name="exitCode">How the process ended, when it did.</param>
    /// <returns>How long to wait before the next start when this was a crash, else null; and whether it ended because its settings are wrong.</returns>
    public (TimeSpan? Delay, bool RefusesItsSettings) Observe(string? state, int? exitCode)
    {
        var before = _state;
        if (state is null || state == before)
            return default;
        _state = state;
        if (state == KnownResourceStates.Running)
            _runningSince = time.GetTimestamp();
        if (!KnownResourceStates.TerminalStates.Contains(state) || before is null || KnownResourceStates.TerminalStates.Contains(before))
            return default;
        if (before == KnownResourceStates.Stopping || exitCode == 0)
            return default; // stopped by a person, or ended by itself
        if (exitCode is not null && exitCode == wrongSettings)
            return (null, true);

        var delay = _runningSince is { } since && time.GetElapsedTime(since) >= Settled ? First : _next;
        _next = delay * 2 < Longest ? delay * 2 : Longest;
        _runningSince = null;
        Restarts++;
        return (delay, false);
    }

    /// <summary>Whether it still lies where it crashed: nobody started it meanwhile.</summary>
    public bool IsDown => _state is { } state && KnownResourceStates.TerminalStates.Contains(state);
}
