using System.Diagnostics;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>The emulator as a process, which a test kills.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private readonly Process _process;

    private EmulatorProcess(Process process) => _process = process;

    private static Process Launch(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", Programs.ServiceBusEmulator, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Starts it on these ports; it listens when this returns.</summary>
    public static async Task<EmulatorProcess> StartAsync(string folder, string config, int amqpPort, int administrationPort)
    {
        var process = Launch("--data", folder, "--config", config, "--amqp-port", $"{amqpPort}", "--admin-port", $"{administrationPort}");
        if (await process.StandardOutput.ReadLineAsync() is null)
            throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        return new EmulatorProcess(process);
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
