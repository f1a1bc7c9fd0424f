using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>A process that the test may kill. It exits with this program, whose pipe is its standard input.</summary>
internal sealed partial class ChildService : IDisposable
{
    private const int KeptLines = 400;
    private const int SigStop = 19, SigCont = 18; // Linux
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildService(string name, Process process)
    {
        (Name, _process) = (name, process);
        _process.Exited += (_, _) => _exited.TrySetResult();
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        Id = _process.Id;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it is called in reports.</summary>
    public string Name { get; }

    public int Id { get; }

    public bool HasExited => Exited.IsCompleted || _process.HasExited;

    /// <summary>Its exit code; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Whether it was killed from here.</summary>
    public bool Killed { get; private set; }

    /// <summary>The failpoint at which it died, as it reports.</summary>
    public string? DiedAt { get; private set; }

    /// <summary>The last lines.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Completes when it has exited, for whatever reason.</summary>
    public Task Exited => _exited.Task;

    public static ChildService Start(string name, ProgramStart program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program.File, [.. program.Arguments, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // The settings of whoever runs this are not the product's.
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(key);
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        return new ChildService(name, new Process { StartInfo = start, EnableRaisingEvents = true });
    }

    /// <summary>SIGKILL; true when it was not gone already.</summary>
    public bool Kill()
    {
        if (HasExited)
            return false;
        Killed = true;
        _process.Kill();
        return true;
    }

    /// <summary>SIGSTOP: it stands still, and its locks run out.</summary>
    public void Freeze() => Send(SigStop);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Send(SigCont);

    /// <summary>Waits for its end, and a moment for its last lines; false when it lives on.</summary>
    public async Task<bool> ExitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await Exited.WaitAsync(patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Exited.IsCompleted)
            return false;
        // A child of its own may hold the pipes open for a while.
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(LastWords, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    /// <summary>How it exited, when that was not asked for; null otherwise.</summary>
    public string? Trouble() => Killed || DiedAt is not null || !HasExited ? null
        : $"{Name} (process {Id}) ended by itself with code {_process.ExitCode}: {string.Join(" | ", _lines.TakeLast(12))}";

    /// <summary>Kills a process that this class did not start.</summary>
    public static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false; // gone already
        }
    }

    public static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (!Exited.IsCompleted)
            Kill();
        _exited.TrySetResult();
        _process.Dispose();
    }

    // The number of a process that is gone may be another one's.
    private void Send(int signal)
    {
        if (!Exited.IsCompleted)
            _ = Signal(Id, signal);
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        if (line.StartsWith("failpoint ", StringComparison.Ordinal) && line.EndsWith(": die", StringComparison.Ordinal))
            DiedAt = line["failpoint ".Length..^": die".Length];
        _lines.Enqueue(line);
        while (_lines.Count > KeptLines)
            _lines.TryDequeue(out _);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
