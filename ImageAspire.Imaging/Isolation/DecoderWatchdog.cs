namespace ImageAspire.Imaging.Isolation;

/// <summary>Ends a busy decoder that exceeds its time or memory limit.</summary>
internal sealed class DecoderWatchdog : IAsyncDisposable
{
    // Native code can touch about a gigabyte in that time; in between the decoder's own limit holds.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly ITimer _timer;

    public DecoderWatchdog(Decoder decoder, ImagingOptions options, TimeProvider time)
    {
        var began = time.GetTimestamp();
        _timer = time.CreateTimer(_ =>
        {
            if (time.GetElapsedTime(began) > options.DecoderTimeLimit)
                decoder.End(DecoderEndReason.TimeLimit);
            else if (decoder.MemoryBytes > options.DecoderMemoryBytes)
                decoder.End(DecoderEndReason.MemoryLimit);
        }, null, Interval, Interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
