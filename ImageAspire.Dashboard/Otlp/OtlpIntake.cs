using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>Which telemetry.</summary>
internal enum Signal
{
    Traces,
    Logs,
    Metrics,
}

/// <summary>
/// Reads requests, one after another: so a flood takes one core at most, and what the readers share needs no locks. Reading takes
/// milliseconds; bodies are received side by side before.
/// </summary>
internal sealed class OtlpIntake : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<Signal, SignalReader> _readers;
    private long _bytesTaken;

    public OtlpIntake(TelemetryStore store)
    {
        var context = new ReaderContext(store);
        _readers = new Dictionary<Signal, SignalReader>
        {
            [Signal.Traces] = new SpanReader(context), [Signal.Logs] = new LogReader(context), [Signal.Metrics] = new MetricReader(context),
        };
    }

    /// <summary>Bytes of all requests so far, decompressed.</summary>
    public long BytesTaken => Interlocked.Read(ref _bytesTaken);

    /// <summary>Reads a request and stores what is in it.</summary>
    /// <exception cref="MalformedRequestException">It cannot be read; nothing has changed.</exception>
    /// <exception cref="RequestTooLargeException">It would take too much memory; nothing has changed.</exception>
    public async Task<IntakeResult> TakeAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Interlocked.Add(ref _bytesTaken, request.Length);
            return _readers[signal].Take(request.Span);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
