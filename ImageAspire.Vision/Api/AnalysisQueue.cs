using ImageAspire.ServiceDefaults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Vision.Api;

/// <summary>
/// Lets only so many requests in, with only so many bytes, and of these only some compute at a time, each with a time limit. More are
/// answered with 503: what waits here costs memory, and what waits at the caller does not.
/// </summary>
internal sealed partial class AnalysisQueue(VisionOptions options, TimeProvider time, HostExit exit, IHostApplicationLifetime lifetime, ILogger<AnalysisQueue> logger) : IDisposable
{
    /// <summary>Of all bodies together: four of the largest.</summary>
    public const long MaxBytes = 4L * ImageBodies.MaxBytes;

    /// <summary><c>EX_SOFTWARE</c> of sysexits.h: an analysis does not end, and only a new process helps.</summary>
    public const int HungExitCode = 70;

    // For what runs native code to see its cancellation.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private readonly SemaphoreSlim _places = new(options.AtOnce);
    private readonly Lock _lock = new();
    private int _requests;
    private long _bytes;

    /// <summary>How many requests wait or run.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _requests;
        }
    }

    /// <summary>Takes a place for a request and its body, which is read meanwhile.</summary>
    /// <param name="bytes">At most.</param>
    /// <returns>Gives the place back.</returns>
    /// <exception cref="ApiException">503: full.</exception>
    public IDisposable Enter(long bytes)
    {
        lock (_lock)
        {
            if (_requests >= options.Queue || _bytes + bytes > MaxBytes)
                throw new ApiException(ApiError.Busy);
            (_requests, _bytes) = (_requests + 1, _bytes + bytes);
        }

        return new Place(this, bytes);
    }

    /// <summary>Runs as soon as fewer than <see cref="VisionOptions.AtOnce"/> others do.</summary>
    /// <param name="work">Ends when its token says so. It may compute on the thread that calls it.</param>
    /// <param name="cancellationToken">Ends the wait, and the work.</param>
    /// <exception cref="ApiException">500: the time limit.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            using var limit = new CancellationTokenSource(options.TimeLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await using var hung = time.CreateTimer(_ => EndProcess(), null, options.TimeLimit + Grace, Timeout.InfiniteTimeSpan);
            try
            {
                return await Task.Run(() => work(either.Token), either.Token);
            }
            catch (OperationCanceledException error) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new ApiException(ApiError.Timeout(options.TimeLimit), error);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private void Leave(long bytes)
    {
        lock (_lock)
            (_requests, _bytes) = (_requests - 1, _bytes - bytes);
    }

    private void EndProcess()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return;
        LogHangs(logger, (options.TimeLimit + Grace).TotalSeconds);
        exit.Code = HungExitCode;
        lifetime.StopApplication();
    }

    [LoggerMessage(LogLevel.Critical, "An analysis ignores its cancellation, after {Seconds:0} s. This process shuts down and must be restarted.")]
    private static partial void LogHangs(ILogger logger, double seconds);

    private sealed class Place(AnalysisQueue queue, long bytes) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                queue.Leave(bytes);
        }
    }
}
