using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ImageAspire.Dashboard.Telemetry;

/// <summary>
/// What is kept, and then what arrives: registered and photographed in one step of the store, so that nothing is missed and nothing comes
/// twice. Read it once, with <c>await foreach</c>; it ends when it is cancelled. A reader that is more than 1,000 behind loses the oldest.
/// </summary>
/// <typeparam name="T">What is watched.</typeparam>
public sealed class TelemetryWatch<T> : IAsyncEnumerable<T>
{
    /// <summary>How far a reader may be behind.</summary>
    internal const int Capacity = 1_000;

    private readonly Channel<T> _arrivals;
    private readonly Func<T, bool> _isWanted;
    private readonly ITelemetrySource<T> _source;
    private readonly CancellationToken _cancellation;
    private long _lost;

    internal TelemetryWatch(ITelemetrySource<T> source, Func<T, bool> isWanted, CancellationToken cancellation)
    {
        (_source, _isWanted, _cancellation) = (source, isWanted, cancellation);
        // TryWrite succeeds even when it drops: only this callback knows.
        _arrivals = Channel.CreateBounded<T>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
    }

    /// <summary>How many were wanted but went before they were read.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <inheritdoc/>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Called by the store, in its lock.</summary>
    internal void Offer(T item)
    {
        if (_isWanted(item))
            _arrivals.Writer.TryWrite(item);
    }

    internal void Lose(long count) => Interlocked.Add(ref _lost, count);

    private async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation);
        try
        {
            foreach (var page in _source.Begin(this))
            {
                both.Token.ThrowIfCancellationRequested();
                foreach (var item in page)
                {
                    if (_isWanted(item))
                        yield return item;
                }
            }

            await foreach (var item in _arrivals.Reader.ReadAllAsync(both.Token))
                yield return item;
        }
        finally
        {
            _source.End(this);
        }
    }
}

/// <summary>A store that can be watched.</summary>
/// <typeparam name="T">What it keeps.</typeparam>
internal interface ITelemetrySource<T>
{
    /// <summary>
    /// Registers a watch; the pages that follow are what was kept at that moment. They hold nothing alive: what goes before its page is
    /// read is counted as lost.
    /// </summary>
    IEnumerable<IReadOnlyList<T>> Begin(TelemetryWatch<T> watch);

    void End(TelemetryWatch<T> watch);
}

/// <summary>Those who watch a store; guarded by the store's lock.</summary>
/// <typeparam name="T">What it keeps.</typeparam>
internal sealed class Watchers<T>
{
    private readonly List<TelemetryWatch<T>> _all = [];

    public void Add(TelemetryWatch<T> watch) => _all.Add(watch);

    public void Remove(TelemetryWatch<T> watch) => _all.Remove(watch);

    public void Offer(T item)
    {
        foreach (var watch in _all)
            watch.Offer(item);
    }
}
