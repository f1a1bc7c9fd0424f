namespace ImageAspire.AppHost.Model;

/// <summary>When a crashed process is restarted: after 0.5 s, doubling to 30 s; ten seconds of running reset the delay.</summary>
/// <param name="invalidSettings">The exit code for invalid settings, after which a restart would not help; null for none.</param>
/// <param name="time">The clock.</param>
internal sealed class RestartPolicy(int? invalidSettings, TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);
    private string? _state;
    private long? _runningSince;
    private TimeSpan _next = FirstDelay;

    /// <summary>How many restarts were due.</summary>
    public int Restarts { get; private set; }

    /// <summary>Records a state of the process.</summary>
    /// <param name="state">One of <see cref="KnownResourceStates"/>; null when it is not known.</param>
    /// <param name="exitCode">Its exit code, when it has ended.</param>
    /// <returns>The delay before the restart after a crash, else null; and whether it ended because of invalid settings.</returns>
    public (TimeSpan? Delay, bool HasInvalidSettings) Observe(string? state, int? exitCode)
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
            return default; // stopped by an operator, or finished
        if (exitCode is not null && exitCode == invalidSettings)
            return (null, true);

        var delay = _runningSince is { } since && time.GetElapsedTime(since) >= StableAfter ? FirstDelay : _next;
        _next = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
        _runningSince = null;
        Restarts++;
        return (delay, false);
    }

    /// <summary>Whether it has ended and was not started since.</summary>
    public bool IsDown => _state is { } state && KnownResourceStates.TerminalStates.Contains(state);
}
