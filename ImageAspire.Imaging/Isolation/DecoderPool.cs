using ImageAspire.Core.Errors;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// Warm decoders: started on demand up to a maximum, and ended when idle for long, after many answers, or when they have grown. The most
/// recently used one is used next, so that quiet hours leave few.
/// </summary>
internal sealed class DecoderPool : IDisposable
{
    private readonly ImagingOptions _options;
    private readonly TimeProvider _time;
    private readonly DecoderStarter _starter;
    private readonly SemaphoreSlim _permits;
    private readonly Stack<IdleDecoder> _idle = []; // no more than permits
    private readonly ITimer _eviction;
    private bool _disposed;

    public DecoderPool(ImagingOptions options, DecoderCommand command, TimeProvider time, ILogger log)
    {
        (_options, _time) = (options, time);
        _starter = new DecoderStarter(options, command, time, log);
        _permits = new SemaphoreSlim(options.Decoders);
        _eviction = time.CreateTimer(_ => EndLongIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether pixels can be decoded; assumed until the first decoder has started.</summary>
    public bool CanDecode => _starter.CanDecode;

    /// <summary>Process ids of the idle decoders.</summary>
    public IReadOnlyList<int> Idle
    {
        get
        {
            lock (_idle)
                return [.. _idle.Select(one => one.Decoder.Id)];
        }
    }

    /// <summary>A decoder for one call; waits while all are busy. Give it back with <see cref="Return"/>.</summary>
    /// <param name="fresh">True for one that has not seen an image yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RetryLaterException">No process can be started. The image is not the cause.</exception>
    public async Task<Decoder> RentAsync(bool fresh, CancellationToken cancellationToken)
    {
        await _permits.WaitAsync(cancellationToken);
        try
        {
            if (fresh)
                TakeIdle()?.Dispose(); // makes room, so that there are never more processes than permits
            return (fresh ? null : TakeReady()) ?? await _starter.StartAsync(cancellationToken);
        }
        catch
        {
            _permits.Release();
            throw;
        }
    }

    /// <summary>Keeps the decoder for the next call when it is ready for one and not worn out; else ends it.</summary>
    public void Return(Decoder decoder)
    {
        if (!decoder.IsReady || IsWornOut(decoder) || !TryKeep(decoder))
            decoder.Dispose();
        _permits.Release();
    }

    /// <summary>Ends the idle decoders now, and the busy ones when they are returned.</summary>
    public void Dispose()
    {
        _eviction.Dispose();
        lock (_idle)
            _disposed = true;
        while (TakeIdle() is { } decoder)
            decoder.Dispose();
    }

    private bool IsWornOut(Decoder decoder) => decoder.AnswerCount >= _options.DecoderAnswers || decoder.MemoryBytes >= _options.DecoderRestingBytes;

    private bool TryKeep(Decoder decoder)
    {
        lock (_idle)
        {
            if (_disposed)
                return false;
            _idle.Push(new IdleDecoder(decoder, _time.GetTimestamp()));
            if (_idle.Count == 1)
                _eviction.Change(_options.DecoderIdleTime, _options.DecoderIdleTime);
            return true;
        }
    }

    private Decoder? TakeReady()
    {
        while (TakeIdle() is { } decoder)
        {
            if (decoder.IsReady)
                return decoder;
            decoder.Dispose(); // killed from outside
        }

        return null;
    }

    private Decoder? TakeIdle()
    {
        lock (_idle)
            return _idle.TryPop(out var idle) ? idle.Decoder : null;
    }

    private void EndLongIdle()
    {
        List<IdleDecoder> ended;
        lock (_idle)
        {
            ended = [.. _idle.Where(one => _time.GetElapsedTime(one.Since) >= _options.DecoderIdleTime)];
            var kept = _idle.Except(ended).Reverse().ToList();
            _idle.Clear();
            kept.ForEach(_idle.Push);
            if (kept.Count == 0 && !_disposed)
                _eviction.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        ended.ForEach(one => one.Decoder.Dispose());
    }

    private readonly record struct IdleDecoder(Decoder Decoder, long Since);
}
