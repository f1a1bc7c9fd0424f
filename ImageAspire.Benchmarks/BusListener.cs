using System.Diagnostics;
using System.Globalization;
using ImageAspire.Benchmarks.Data;
using ImageAspire.Core.Ports;

namespace ImageAspire.Benchmarks;

/// <summary>A subscriber in a process of its own: this program, started with a hidden argument.</summary>
internal sealed class BusListener : IAsyncDisposable
{
    public const string Name = "bus-listener";
    private readonly Process _process;

    private BusListener(Process process) => _process = process;

    public static async Task<BusListener> StartAsync(string data, int messages, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(BusListener).Assembly.Location);
        foreach (var argument in new[] { Name, data, messages.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        var listener = new BusListener(Process.Start(start)!);
        await listener._process.StandardOutput.ReadLineAsync(cancellationToken); // "ready"
        return listener;
    }

    /// <summary>Milliseconds from before the publishing to the handler, one for each message.</summary>
    public async Task<List<double>> ResultAsync(CancellationToken cancellationToken)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The listener ended without an answer.");
        return [.. line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }

    /// <summary>The listener's own program.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var wanted = int.Parse(args[1], CultureInfo.InvariantCulture);
        var times = new List<double>(wanted);
        var done = new TaskCompletionSource();
        await using var store = new SeededStore(args[0]);
        await using var subscription = await store.Bus.SubscribeAsync(new SubscriptionOptions("latency"), (message, _) =>
        {
            // The monotonic clock is the machine's, the same in every process.
            times.Add(Stopwatch.GetElapsedTime(long.Parse(message.Event.Data.Name, CultureInfo.InvariantCulture)).TotalMilliseconds);
            if (times.Count == wanted)
                done.SetResult();
            return Task.FromResult(MessageOutcome.Completed);
        }, cancellationToken);
        Console.WriteLine("ready");
        await done.Task.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        Console.WriteLine(string.Join(' ', times.Select(time => time.ToString("0.0000", CultureInfo.InvariantCulture))));
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
