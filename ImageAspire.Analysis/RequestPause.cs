namespace ImageAspire.Analysis;

/// <summary>Until when nothing is requested, and whether that was logged. Thread-safe.</summary>
internal sealed class RequestPause(TimeProvider time)
{
    private readonly Lock _lock = new();
    private (DateTimeOffset Until, bool IsNotOffered, DateTimeOffset Since)? _pause;

    /// <summary>The pause, with the time when its outage began; null when there is none.</summary>
    public (DateTimeOffset Until, bool IsNotOffered, DateTimeOffset Since)? Current()
    {
        lock (_lock)
            return _pause is { } pause && time.GetUtcNow() < pause.Until ? pause : null;
    }

    /// <summary>Begins a pause, or another one of the same outage; returns whether the outage, or its kind, is new.</summary>
    public bool Begin(TimeSpan length, bool isNotOffered)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var same = _pause is { } before && before.IsNotOffered == isNotOffered ? _pause : null;
            _pause = (now + length, isNotOffered, same?.Since ?? now);
            return same is null;
        }
    }

    /// <summary>A request succeeded: the outage is over.</summary>
    public void End()
    {
        lock (_lock)
            _pause = null;
    }
}
