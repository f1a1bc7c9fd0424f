using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>
/// Lets one process at a time write to a database. SQLite alone would keep the file safe, but makes the others sleep and poll;
/// a named mutex wakes the next one at once. Where the system has none, SQLite's own lock remains.
/// </summary>
internal sealed class WriterMutex : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Mutex? _mutex;

    /// <summary>The mutex of a database, the same in every process.</summary>
    /// <param name="path">The database.</param>
    public WriterMutex(string path)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))));
        try
        {
            _mutex = new Mutex(initiallyOwned: false, $"Global\\ImageAspire-{digest[..24]}");
        }
        catch (Exception error) when (error is PlatformNotSupportedException or IOException or UnauthorizedAccessException or WaitHandleCannotBeOpenedException)
        {
            _mutex = null; // correctness does not depend on it
        }
    }

    /// <summary>Acquires the mutex; dispose on the same thread. After five seconds it continues without: SQLite's lock decides.</summary>
    public Releaser Acquire()
    {
        try
        {
            return new Releaser(_mutex is not null && _mutex.WaitOne(Patience) ? _mutex : null);
        }
        catch (AbandonedMutexException)
        {
            return new Releaser(_mutex); // its owner was killed; SQLite rolls its transaction back
        }
    }

    public void Dispose() => _mutex?.Dispose();

    /// <summary>Releases the mutex, if it was acquired.</summary>
    public readonly ref struct Releaser(Mutex? mutex)
    {
        public void Dispose() => mutex?.ReleaseMutex();
    }
}
