namespace ImageAspire.Worker.Scrub;

/// <summary>Spreads reads so that on average they stay below a rate. Time in which nothing was read is not made up for: there are no bursts.</summary>
internal sealed class ReadPace(WorkerOptions options, TimeProvider time)
{
    private const int MostAtOnce = 256 * 1024;
    private const int LeastAtOnce = 4 * 1024;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10); // timers are not more precise
    private long _last = time.GetTimestamp();
    private TimeSpan _ahead;

    /// <summary>How many bytes to read at once, so that there are several reads a second.</summary>
    public int BufferBytes { get; } = (int)Math.Clamp(options.ScrubBytesPerSecond / 4, LeastAtOnce, MostAtOnce);

    /// <summary>Waits until so many bytes may have been read.</summary>
    public Task SpendAsync(long bytes, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var rest = _ahead - time.GetElapsedTime(_last, now);
        (_last, _ahead) = (now, (rest > TimeSpan.Zero ? rest : TimeSpan.Zero) + TimeSpan.FromSeconds((double)bytes / options.ScrubBytesPerSecond));
        return _ahead < ShortestWait ? Task.CompletedTask : Task.Delay(_ahead, time, cancellationToken);
    }
}
