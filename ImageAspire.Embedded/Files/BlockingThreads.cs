using System.Threading.Channels;

namespace ImageAspire.Embedded.Files;

/// <summary>
/// A few threads for calls that block on the disk. On the thread pool, which starts with one thread per core, sixteen such calls
/// would block all other work.
/// </summary>
internal sealed class BlockingThreads : IAsyncDisposable
{
    private const int MaxQueued = 1024;
    private readonly Channel<Action> _queue = Channel.CreateBounded<Action>(MaxQueued);
    private readonly Lazy<Task[]> _threads; // a process that only reads needs none

    public BlockingThreads(string name, int count) =>
        _threads = new Lazy<Task[]>(() => [.. Enumerable.Range(0, count).Select(_ => Start(name))]);

    /// <summary>Runs work on one of the threads, first come, first served.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        _ = _threads.Value;
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(() => Complete(completion, work), cancellationToken);
        return await completion.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_threads.IsValueCreated)
            await Task.WhenAll(_threads.Value);
    }

    private static void Complete<T>(TaskCompletionSource<T> completion, Func<T> work)
    {
        try
        {
            completion.SetResult(work());
        }
        catch (Exception error)
        {
            completion.SetException(error);
        }
    }

    private Task Start(string name)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            while (WaitForWork())
            {
                while (_queue.Reader.TryRead(out var work))
                    work();
            }

            ended.SetResult();
        }) { IsBackground = true, Name = name }.Start();
        return ended.Task;
    }

    // These threads do nothing else, so they may block.
    private bool WaitForWork()
    {
        var ready = _queue.Reader.WaitToReadAsync();
        return ready.IsCompleted ? ready.GetAwaiter().GetResult() : ready.AsTask().GetAwaiter().GetResult();
    }
}
