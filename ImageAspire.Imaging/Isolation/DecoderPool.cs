using System.ComponentModel;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// Warm decoders: started when one is first needed, at most so many at once, ended when they were idle for a while, have answered
/// many requests, or have grown. The last one used is used next, so that those a quiet hour does not need come to rest.
/// </summary>
internal sealed partial class DecoderPool : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private readonly ImagingOptions _options;
    private readonly DecoderCommand _command;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _places;
    private readonly Stack<Decoder> _idle = [];
    private readonly ITimer _tidying;
    private bool _disposed;
    private bool _told;

    public DecoderPool(ImagingOptions options, DecoderCommand command, TimeProvider time, ILogger log)
    {
        (_options, _command, _time, _log) = (options, command, time, log);
        _places = new SemaphoreSlim(options.Decoders);
        _tidying = time.CreateTimer(_ => Tidy(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether pixels can be decoded, as far as is known: the first decoder says it for certain.</summary>
    public bool CanDecode { get; private set; } = true;

    /// <summary>Process ids of the idle ones.</summary>
    public IReadOnlyList<int> Idle
    {
        get
        {
            lock (_idle)
                return [.. _idle.Select(decoder => decoder.Id)];
        }
    }

    /// <summary>A decoder for one request; waits when all are at work.</summary>
    /// <param name="fresh">One that has seen no picture yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RetryLaterException">None can be started. The picture is not to blame.</exception>
    public async Task<Decoder> RentAsync(bool fresh, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            while (TakeIdle() is { } warm)
            {
                if (!fresh && !warm.HasExited)
                    return warm;
                warm.Dispose(); // makes room for the fresh one
                if (fresh)
                    break;
            }

            return await StartAsync(cancellationToken);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Gives it back.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="healthy">Whether it answered as it should; else it is ended.</param>
    public void Return(Decoder decoder, bool healthy)
    {
        var keep = healthy && decoder.Answers < _options.DecoderAnswers && decoder.Memory < _options.DecoderRestingBytes;
        if (keep)
        {
            decoder.IdleSince = _time.GetTimestamp();
            lock (_idle)
            {
                keep = !_disposed;
                if (keep)
                {
                    _idle.Push(decoder);
                    if (_idle.Count == 1)
                        _tidying.Change(_options.DecoderIdleTime, _options.DecoderIdleTime);
                }
            }
        }

        if (!keep)
            decoder.Dispose();
        _places.Release();
    }

    /// <summary>Ends all that are idle; those at work end when they are given back.</summary>
    public void Dispose()
    {
        _tidying.Dispose();
        lock (_idle)
            _disposed = true;
        while (TakeIdle() is { } decoder)
            decoder.Dispose();
    }

    private Decoder? TakeIdle()
    {
        lock (_idle)
            return _idle.TryPop(out var decoder) ? decoder : null;
    }

    private void Tidy()
    {
        List<Decoder> rested;
        lock (_idle)
        {
            rested = [.. _idle.Where(decoder => _time.GetElapsedTime(decoder.IdleSince) >= _options.DecoderIdleTime)];
            var kept = _idle.Except(rested).Reverse().ToList();
            _idle.Clear();
            kept.ForEach(_idle.Push);
            if (kept.Count == 0 && !_disposed)
                _tidying.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        rested.ForEach(decoder => decoder.Dispose());
    }

    private async Task<Decoder> StartAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(StartPatience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var began = _time.GetTimestamp();
        try
        {
            var decoder = await Decoder.StartAsync(
                _command, new DecoderSettings(_options.Library, _options.MaxPixels, _options.MaxSide, _options.Quality, _options.DecoderMemoryBytes), either.Token);
            Telemetry.DecoderStarts.Add(1);
            Tell(decoder);
            LogStarted(_log, decoder.Id, _time.GetElapsedTime(began).TotalMilliseconds);
            return decoder;
        }
        catch (Exception error) when (error is DecoderDiedException or Win32Exception or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RetryLaterException($"No decoder can be started ({_command.Program}): {error.Message}", null, error);
        }
    }

    private void Tell(Decoder decoder)
    {
        if (_told)
            return;
        _told = true;
        CanDecode = decoder.Library is not null;
        if (decoder.Library is { } library)
            ImagingExtensions.LogFound(_log, library + ", in processes of their own");
        else
            ImagingExtensions.LogMissing(_log, ImagingExtensions.InstallCommand);
    }

    [LoggerMessage(LogLevel.Debug, "Decoder {ProcessId} is ready after {Milliseconds:0} ms.")]
    private static partial void LogStarted(ILogger log, int processId, double milliseconds);
}
