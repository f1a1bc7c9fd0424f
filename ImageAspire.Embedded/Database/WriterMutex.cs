namespace ImageAspire.Embedded.Database;

/// <summary>
/// Whose turn it is to write, among processes. SQLite alone would keep the file safe, but lets a loser sleep and poll;
/// a named mutex wakes it the moment the winner is done. Where the system has none, SQLite's waiting is what remains.
/// </summary>
internal sealed class WriterMutex : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Mutex? _mutex;

    public WriterMutex(string name)
    {
        try
        {
            _mutex = new Mutex(initiallyOwned: false, name);
        }
        catch (Exception error) when (error is PlatformNotSupportedException or IOException or UnauthorizedAccessException or WaitHandleCannotBeOpenedException)
        {
            _mutex = null; // correctness does not depend on it
        }
    }

    /// <summary>Waits for the turn; dispose on the same thread. After some seconds it goes on without: the lock in SQLite decides.</summary>
    public Holder Take()
    {
        try
        {
            return new Holder(_mutex is not null && _mutex.WaitOne(Patience) ? _mutex : null);
        }
        catch (AbandonedMutexException)
        {
            return new Holder(_mutex); // its owner was killed; SQLite rolls its transaction back
        }
    }

    public void Dispose() => _mutex?.Dispose();

    public readonly ref struct Holder(Mutex? mutex)
    {
        public void Dispose() => mutex?.ReleaseMutex();
    }
}
