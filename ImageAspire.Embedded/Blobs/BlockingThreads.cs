using System.Threading.Channels;

namespace ImageAspire.Embedded.Blobs;

/// <summary>
/// A few threads for calls that block until the disk has answered. On the thread pool, which starts with one thread per core,
/// sixteen such calls would keep everybody else from running.
/// </summary>
internal sealed class BlockingThreads : IAsyncDisposable
{
    private const int MaxQueued = 1024;
    private readonly Channel<Action> _queue = Channel.CreateBounded<Action>(MaxQueued);
    private readonly Lazy<Task[]> _threads; // a process that only reads needs none

    public BlockingThreads(string name, int count) =>
        _threads = new Lazy<Task[]>(() => [.. Enumerable.Range(0, count).Select(_ => Start(name))]);

    /// <summary>Runs work on one of the threads, in turn.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        _ = _threads.Value;
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(() => Answer(answer, work), cancellationToken);
        return await answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_threads.IsValueCreated)
            await Task.WhenAll(_threads.Value);
    }

    private static void Answer<T>(TaskCompletionSource<T> answer, Func<T> work)
    {
        try
        {
            answer.SetResult(work());
        }
        catch (Exception error)
        {
            answer.SetException(error);
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

    // These threads belong to the store alone, so they may block.
    private bool WaitForWork()
    {
        var ready = _queue.Reader.WaitToReadAsync();
        return ready.IsCompleted ? ready.GetAwaiter().GetResult() : ready.AsTask().GetAwaiter().GetResult();
    }
}
