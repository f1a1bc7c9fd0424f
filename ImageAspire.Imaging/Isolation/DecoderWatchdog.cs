namespace ImageAspire.Imaging.Isolation;

/// <summary>Looks at a decoder while it works, and ends it when it takes too long or too much memory.</summary>
internal sealed class DecoderWatchdog : IAsyncDisposable
{
    // Native code touches about a gigabyte in so long; the decoder's own limit holds in between.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly ITimer _timer;

    public DecoderWatchdog(Decoder decoder, ImagingOptions options, TimeProvider time)
    {
        var began = time.GetTimestamp();
        _timer = time.CreateTimer(_ =>
        {
            if (time.GetElapsedTime(began) > options.DecoderTimeLimit)
                decoder.Kill(DecoderEndReason.Time);
            else if (decoder.Memory > options.DecoderMemoryBytes)
                decoder.Kill(DecoderEndReason.Memory);
        }, null, Interval, Interval);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
