using System.ComponentModel;
using System.Diagnostics;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The operating system's process of a decoder: its pipes, its memory, its state, and how it ends.</summary>
internal sealed class DecoderProcess : IDisposable
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly StandardErrorTail _errors;

    private DecoderProcess(Process process)
    {
        _process = process;
        _errors = new StandardErrorTail(process.StandardError.BaseStream);
    }

    public int Id => _process.Id;

    public DecoderLifecycle Lifecycle { get; } = new();

    public bool HasExited => _process.HasExited;

    /// <summary>Its standard input, which the Worker writes.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output, which the Worker reads.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Resident memory; 0 when it has exited.</summary>
    public long MemoryBytes
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.HasExited ? 0 : _process.WorkingSet64;
            }
            catch (Exception error) when (error is InvalidOperationException or Win32Exception or IOException)
            {
                return 0; // exited during the look
            }
        }
    }

    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static DecoderProcess Start(DecoderCommand command, long memoryBytes)
    {
        var start = new ProcessStartInfo(command.Program)
        {
            UseShellExecute = false, CreateNoWindow = true, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = OperatingSystem.IsWindows() ? Environment.SystemDirectory : "/",
        };
        foreach (var argument in command.Arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in DecoderCommand.EnvironmentOf(Math.Min(256L << 20, memoryBytes / 2)))
            start.Environment[name] = value;
        return new DecoderProcess(Process.Start(start)!);
    }

    /// <summary>Kills it; the first reason counts.</summary>
    public void End(DecoderEndReason reason)
    {
        Lifecycle.End(reason);
        try
        {
            _process.Kill();
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has exited by itself.
        }
    }

    /// <summary>Waits for the exit of a process whose pipe broke or that was killed, and describes it.</summary>
    /// <param name="error">The error through which the Worker noticed.</param>
    public async Task<DecoderFailedException> FailureAsync(Exception error)
    {
        using var timeout = new CancellationTokenSource(ExitTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            End(DecoderEndReason.InvalidAnswer); // it closed its pipes and goes on running
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        return new DecoderFailedException(Lifecycle.End(DecoderEndReason.Crashed), _process.ExitCode, await _errors.TextAsync(), error);
    }

    public void Dispose()
    {
        End(DecoderEndReason.Discarded);
        // Process does not close pipes whose streams were taken from it; StandardErrorTail closes the third one.
        Input.Dispose();
        Output.Dispose();
        _process.Dispose();
    }
}
