namespace ImageAspire.Imaging.Isolation;

/// <summary>States of a decoder process.</summary>
internal enum DecoderState
{
    /// <summary>Started; has not answered the first message yet.</summary>
    Starting,

    /// <summary>Ready for a request.</summary>
    Idle,

    /// <summary>Working on a request, until its answer has been checked.</summary>
    Busy,

    /// <summary>Ended or being ended; final.</summary>
    Ended,
}

/// <summary>
/// The state machine of a decoder process: <c>Starting → Idle ⇄ Busy</c>, and from each of them to <c>Ended</c>, where the first reason
/// stays. A watchdog, a cancellation and a broken pipe may end it at once, on different threads.
/// </summary>
internal sealed class DecoderLifecycle
{
    private readonly Lock _lock = new();
    private DecoderState _state = DecoderState.Starting;
    private DecoderEndReason? _endReason;

    public DecoderState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
    }

    /// <summary>Why it ended; null before that.</summary>
    public DecoderEndReason? EndReason
    {
        get
        {
            lock (_lock)
                return _endReason;
        }
    }

    public void MarkReady() => Change(DecoderState.Starting, DecoderState.Idle);

    public void BeginRequest() => Change(DecoderState.Idle, DecoderState.Busy);

    public void CompleteRequest() => Change(DecoderState.Busy, DecoderState.Idle);

    /// <summary>Ends it, unless it has ended.</summary>
    /// <returns>The reason that counts: the first one.</returns>
    public DecoderEndReason End(DecoderEndReason reason)
    {
        lock (_lock)
        {
            _state = DecoderState.Ended;
            return _endReason ??= reason;
        }
    }

    // An end that comes between two steps wins silently: the caller has its result, and the pool looks at the state.
    private void Change(DecoderState from, DecoderState to)
    {
        lock (_lock)
        {
            if (_state == DecoderState.Ended)
                return;
            if (_state != from)
                throw new InvalidOperationException($"A decoder that is {_state} cannot become {to}.");
            _state = to;
        }
    }
}
