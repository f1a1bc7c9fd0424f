using System.Diagnostics;
using System.Globalization;
using ImageAspire.Tests.Hostile;
using MongoDB.Driver;

namespace ImageAspire.Tests.Emulators;

/// <summary>The program ImageAspire.Emulators as a process, which a test kills.</summary>
internal sealed class StandInProcess : IAsyncDisposable
{
    private const string Ready = "MongoDB stand-in is ready on 127.0.0.1:";
    private readonly Process _process;

    private StandInProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Starts it; it listens when this returns.</summary>
    public static async Task<StandInProcess> StartAsync(params string[] arguments)
    {
        var process = Launch(arguments);
        var line = await process.StandardOutput.ReadLineAsync();
        return line?.StartsWith(Ready, StringComparison.Ordinal) == true ? new StandInProcess(process, int.Parse(line[Ready.Length..], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException(line + await process.StandardError.ReadToEndAsync());
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>A new connection; the driver does not wait for long when it is gone.</summary>
    public MongoClient Connect() => new($"mongodb://127.0.0.1:{Port}/?serverSelectionTimeoutMS=2000");

    /// <summary>Asks it to end (SIGTERM).</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        Processes.Signal(_process.Id, 15);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static Process Launch(string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", Programs.Emulators, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
