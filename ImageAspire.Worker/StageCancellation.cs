namespace ImageAspire.Worker;

/// <summary>The three causes that cancel a stage: its time limit, the loss of the message's lock, and the end of the host.</summary>
internal sealed class StageCancellation : IDisposable
{
    private readonly CancellationToken _lockLost;
    private readonly CancellationToken _shutdown;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _linked;

    public StageCancellation(TimeSpan timeLimit, TimeProvider time, CancellationToken lockLost, CancellationToken shutdown)
    {
        (TimeLimit, _lockLost, _shutdown) = (timeLimit, lockLost, shutdown);
        _limit = new CancellationTokenSource(timeLimit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, lockLost, shutdown);
    }

    public TimeSpan TimeLimit { get; }

    /// <summary>For the stage.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Whether another consumer has the message, or the host stops.</summary>
    public bool IsInterrupted => _lockLost.IsCancellationRequested || _shutdown.IsCancellationRequested;

    public bool IsTimeLimitExceeded => _limit.IsCancellationRequested;

    public void Dispose()
    {
        _linked.Dispose();
        _limit.Dispose();
    }
}
