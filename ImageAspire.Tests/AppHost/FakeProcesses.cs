using System.Collections.Concurrent;
using System.ComponentModel;
using ImageAspire.AppHost.Embedded;
using ImageAspire.Dashboard.Resources;

namespace ImageAspire.Tests.AppHost;

/// <summary>A process that ends when a test says so.</summary>
internal sealed class FakeProcess(int id, Action<string, bool> onLine) : IServiceProcess
{
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _asked;

    public int Id => id;

    public int ExitCode { get; private set; }

    public bool WasAskedToStop => _asked;

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Whether it comes to an end when it is asked to.</summary>
    public bool Obeys { get; init; } = true;

    public Task WaitForExitAsync() => _exited.Task;

    public void AskToStop()
    {
        _asked = true;
        if (Obeys)
            Exit(0);
    }

    public void Kill() => Exit(137);

    public void Say(string line, bool isError = false) => onLine(line, isError);

    public void Exit(int exitCode)
    {
        ExitCode = exitCode;
        _exited.TrySetResult();
    }

    public void Dispose()
    {
    }
}

/// <summary>One supervised service over processes that are none.</summary>
internal sealed class FakeProcesses : IAsyncDisposable
{
    private readonly ConcurrentQueue<FakeProcess> _started = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _now = new();
    private int _refusals;

    public FakeProcesses(bool obeying = true, int refusedStarts = 0, Uri? health = null)
    {
        _refusals = refusedStarts;
        Console = new ConsoleLog(TimeProvider.System);
        var service = new Service("worker-1", Path.GetFullPath("worker.dll"), new Dictionary<string, string> { ["VISION_KEY"] = "secret" }, health);
        Output = new StringWriter();
        var terminal = new Terminal(Output);
        Service = new SupervisedService(service, (_, onLine) => Start(onLine, obeying),
            new ServiceReport(service, Board, Console, terminal, TimeProvider.System), new Ending(_stopping.Token, _now.Token), TimeProvider.System);
        Running = Service.RunAsync();
    }

    public SupervisedService Service { get; }

    /// <summary>Its loop: true when it ended with the whole.</summary>
    public Task<bool> Running { get; }

    public ResourceBoard Board { get; } = new();

    public ConsoleLog Console { get; }

    public StringWriter Output { get; }

    public IReadOnlyList<FakeProcess> Started => [.. _started];

    public Resource Resource => Board.Find("worker-1")!;

    public FakeProcess Last => Started[^1];

    public Task RunsAsync(int started) => Eventually.TrueAsync(() => Started.Count == started && Resource.State == ResourceState.Running);

    public void StopAll() => _stopping.Cancel();

    public void StopNow() => _now.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _now.CancelAsync();
        await Running;
        _stopping.Dispose();
        _now.Dispose();
    }

    private FakeProcess Start(Action<string, bool> onLine, bool obeying)
    {
        if (Interlocked.Decrement(ref _refusals) >= 0)
            throw new Win32Exception(2, "No such file");
        _started.Any(one => !one.HasExited).ShouldBeFalse("two processes of one service at a time");
        var process = new FakeProcess(1000 + _started.Count, onLine) { Obeys = obeying };
        _started.Enqueue(process);
        return process;
    }
}
