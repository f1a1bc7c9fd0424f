using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>A process of this benchmark; it ends, with its children, at the latest when this is disposed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 40;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lastLines = [];

    private ChildProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    /// <summary>Id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Processor time used so far, of all cores; says what work costs even on a machine that is busy with other things.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>What it said last, for error messages.</summary>
    public string LastLines => string.Join(Environment.NewLine, _lastLines);

    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += child.Keep;
        child._process.ErrorDataReceived += child.Keep;
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public static async Task RunAsync(string file, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var list = arguments.ToList();
        await using var child = Start(file, list, folder: folder);
        await child._process.WaitForExitAsync(cancellationToken);
        if (child._process.ExitCode != 0)
            throw new InvalidOperationException($"'{file} {string.Join(' ', list)}' failed with {child._process.ExitCode}:{Environment.NewLine}{child.LastLines}");
    }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Memory that is really in RAM, in MiB: all of it, and the part that is the process's own (not mapped from files).</summary>
    public async Task<(double All, double Own)> ResidentMiBAsync(CancellationToken cancellationToken)
    {
        _process.Refresh();
        var all = _process.WorkingSet64 / 1048576.0;
        var status = $"/proc/{_process.Id}/status";
        if (!File.Exists(status))
            return (all, double.NaN);
        var line = (await File.ReadAllLinesAsync(status, cancellationToken)).First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return (all, double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        _lastLines.Enqueue(line.Data);
        while (_lastLines.Count > KeptLines)
            _lastLines.TryDequeue(out _);
    }
}
