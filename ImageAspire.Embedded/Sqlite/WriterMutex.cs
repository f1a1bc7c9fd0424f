using System.Security.Cryptography;
using System.Text;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>
/// Lets one process at a time write to a database. No commit goes on without it, although SQLite has a lock of its own: a checkpoint or a
/// commit of another process at the same moment has lost data before (<see cref="SqliteVersion"/>). The lock is a file beside the database.
/// A named mutex in front of it wakes the next process at once, where both have the same <c>/tmp</c>; others poll.
/// </summary>
internal sealed class WriterMutex : IDisposable
{
    private const string Suffix = "-writer";
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);
    private readonly string _path;
    private readonly TimeSpan _patience;
    private readonly Mutex? _queue;
    private readonly ProcessLock _lock;

    /// <summary>The mutex of a database, the same in every process.</summary>
    /// <param name="path">The database.</param>
    /// <param name="patience">How long <see cref="Acquire"/> waits; null for ten seconds.</param>
    public WriterMutex(string path, TimeSpan? patience = null)
    {
        (_path, _patience) = (Path.GetFullPath(path), patience ?? DefaultPatience);
        _lock = new ProcessLock(_path + Suffix);
        try
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_path)));
            _queue = new Mutex(initiallyOwned: false, $"Global\\ImageAspire-{digest[..24]}");
        }
        catch (Exception error) when (error is PlatformNotSupportedException or IOException or UnauthorizedAccessException or WaitHandleCannotBeOpenedException)
        {
            _queue = null; // only waiting is slower
        }
    }

    /// <summary>Acquires the mutex; dispose on the same thread.</summary>
    /// <exception cref="StoreUnavailableException">Other processes have it for ten seconds; nothing was written.</exception>
    public Releaser Acquire()
    {
        var began = TimeProvider.System.GetTimestamp();
        var isFirst = WaitInQueue();
        var isAcquired = false;
        try
        {
            // Whoever is first finds it free, unless a process with another /tmp has it. The spinning soon sleeps a millisecond at a time. A process
            // that is not first has waited in vain, or not long enough: the end of its wait is a time of the system's clock, which may have been set.
            isAcquired = _lock.TryAcquire() || SpinWait.SpinUntil(_lock.TryAcquire, isFirst ? _patience : Left(began));
            if (isAcquired)
                return new Releaser(_lock, isFirst ? _queue : null);
        }
        finally
        {
            if (isFirst && !isAcquired)
                _queue!.ReleaseMutex();
        }

        throw new StoreUnavailableException($"The database '{_path}' cannot be used now: another process has been writing to it for {_patience.TotalSeconds:0.#} seconds. Work resumes when it is done.")
            { Dependency = DependencyNames.Documents, Problem = StoreProblem.Busy, NothingWritten = true };
    }

    public void Dispose()
    {
        _queue?.Dispose();
        _lock.Dispose();
    }

    private TimeSpan Left(long began) => _patience - TimeProvider.System.GetElapsedTime(began) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    // False without a queue, or when it does not move.
    private bool WaitInQueue()
    {
        try
        {
            return _queue is not null && _queue.WaitOne(_patience);
        }
        catch (AbandonedMutexException)
        {
            return true; // its owner was killed; SQLite rolls its transaction back
        }
    }

    /// <summary>Releases the mutex.</summary>
    public readonly ref struct Releaser(ProcessLock file, Mutex? queue)
    {
        public void Dispose()
        {
            file.Release();
            queue?.ReleaseMutex();
        }
    }
}
