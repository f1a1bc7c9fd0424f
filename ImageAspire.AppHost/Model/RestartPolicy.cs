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

    /// <summary>Takes note of a state; how long to wait before the next start when this was a crash, else null.</summary>
    /// <param name="state">One of <see cref="KnownResourceStates"/>; null when it is not known.</param>
    /// <param name="exitCode">How the process ended, when it did.</param>
    public TimeSpan? Observe(string? state, int? exitCode)
    {
        var before = _state;
        if (state is null || state == before)
            return null;
        _state = state;
        if (state == KnownResourceStates.Running)
            _runningSince = time.GetTimestamp();
        if (!KnownResourceStates.TerminalStates.Contains(state) || before is null || KnownResourceStates.TerminalStates.Contains(before))
            return null;
        // Stopped by a person, ended by itself, or not willing to start.
        if (before == KnownResourceStates.Stopping || exitCode == 0 || (exitCode is not null && exitCode == wrongSettings))
            return null;

        var delay = _runningSince is { } since && time.GetElapsedTime(since) >= Settled ? First : _next;
        _next = delay * 2 < Longest ? delay * 2 : Longest;
        _runningSince = null;
        Restarts++;
        return delay;
    }

    /// <summary>Whether it still lies where it crashed: nobody started it meanwhile.</summary>
    public bool IsDown => _state is { } state && KnownResourceStates.TerminalStates.Contains(state);
}
