using System.Diagnostics;
using ImageAspire.Tests.Hostile;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>The emulator as a process, which a test kills.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private readonly Process _process;

    private EmulatorProcess(Process process) => _process = process;

    // It lives for a moment: not a long one in which its code is made faster.
    private static Process Launch(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", ["exec", Programs.ServiceBusEmulator, .. arguments])
    {
        RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_CallCountingDelayMs"] = "100000" },
    })!;

    /// <summary>Starts it on these ports; it listens when this returns.</summary>
    public static async Task<EmulatorProcess> StartAsync(string folder, string config, int amqpPort, int administrationPort)
    {
        var emulator = Begin(folder, config, amqpPort, administrationPort);
        await emulator.ListensAsync();
        return emulator;
    }

    /// <summary>Begins to start it.</summary>
    public static EmulatorProcess Begin(string folder, string config, int amqpPort, int administrationPort) =>
        new(Launch("--data", folder, "--config", config, "--amqp-port", $"{amqpPort}", "--admin-port", $"{administrationPort}"));

    public async Task ListensAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync() is null)
            throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync());
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>The most memory that it ever had.</summary>
    public long PeakBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        Processes.Signal(_process.Id, 15);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async Task KillAsync()
    {
        _process.Kill(); // SIGKILL: nothing is flushed, nothing is said
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
