using System.Threading.Channels;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>The one thread that writes: takes all units of work that are queued, runs them in one transaction, and completes them after the commit.</summary>
internal sealed class GroupCommitter : IAsyncDisposable
{
    private const int MaxQueued = 4096;
    private const int MaxGroup = 512;
    private readonly Channel<WriteUnit> _queue = Channel.CreateBounded<WriteUnit>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GroupTransaction _transaction;

    /// <summary>Starts the thread.</summary>
    /// <param name="session">The write connection, which it owns from now on.</param>
    /// <param name="path">The database.</param>
    public GroupCommitter(SqliteSession session, string path)
    {
        _transaction = new GroupTransaction(session, path);
        new Thread(Loop) { IsBackground = true, Name = "sqlite-writer" }.Start();
    }

    /// <summary>Queues a unit of work; completes after its commit.</summary>
    public async Task<T> EnqueueAsync<T>(Func<WriteScope, T> work, Durability durability, bool mayUseReserve, CancellationToken cancellationToken)
    {
        var unit = new WriteUnit<T>(work, durability, mayUseReserve, cancellationToken);
        await _queue.Writer.WriteAsync(unit, cancellationToken);
        return await unit.Completion;
    }

    /// <summary>Commits what is queued, then ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
            await _ended.Task;
    }

    private void Loop()
    {
        var group = new List<WriteUnit>(MaxGroup);
        try
        {
            while (WaitForWork())
            {
                while (group.Count < MaxGroup && _queue.Reader.TryRead(out var unit))
                {
                    if (!unit.IsCancelled())
                        group.Add(unit);
                }

                if (group.Count > 0)
                    _transaction.Run(group);
                group.Clear();
            }
        }
        finally
        {
            _transaction.Dispose();
            _ended.SetResult();
        }
    }

    // The thread does nothing else, so it may block.
    private bool WaitForWork()
    {
        var ready = _queue.Reader.WaitToReadAsync();
        return ready.IsCompleted ? ready.GetAwaiter().GetResult() : ready.AsTask().GetAwaiter().GetResult();
    }
}
