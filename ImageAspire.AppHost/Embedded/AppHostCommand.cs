using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Embedded;

/// <summary>The command line. What cannot work is said before anything starts.</summary>
internal static class AppHostCommand
{
    private const int MaxWorkers = 32;
    private const int MinKey = 20;
    private const int MaxKey = 512;
    // As Aspire's dashboard calls it. No option: whoever lists the processes would see it.
    private const string OtlpKey = "Dashboard:Otlp:PrimaryApiKey";

    public static async Task<int> RunAsync(string[] args, Func<AppHostOptions, CancellationToken, Task<int>> run)
    {
        var data = new Option<string>("--data") { Description = "Folder where everything is kept.", DefaultValueFactory = _ => "data", HelpName = "DIR" };
        var apiPort = new Option<int>("--api-port") { Description = "Port of gallery and API.", DefaultValueFactory = _ => 5080, HelpName = "PORT" };
        var dashboardPort = new Option<int>("--dashboard-port") { Description = "Port of the service dashboard.", DefaultValueFactory = _ => 18888, HelpName = "PORT" };
        var workers = new Option<int>("--workers") { Description = $"Worker processes, 0 to {MaxWorkers}.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var apiKey = new Option<string?>("--api-key") { Description = "The API key with every scope; a new one is made without it.", HelpName = "KEY" };
        var noDashboard = new Option<bool>("--no-dashboard") { Description = "Run without the service dashboard." };
        var noVision = new Option<bool>("--no-vision") { Description = "Run without the local vision service: images are described by measured facts." };
        apiPort.Validators.Add(result => CheckRange(result, 1, 65535));
        dashboardPort.Validators.Add(result => CheckRange(result, 1, 65535));
        workers.Validators.Add(result => CheckRange(result, 0, MaxWorkers));
        apiKey.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } key && (key.Length is < MinKey or > MaxKey || key.Any(c => c is <= ' ' or > '~')))
                result.AddError($"--api-key must have {MinKey} to {MaxKey} printable ASCII characters, without spaces. Without --api-key a good one is made and printed.");
        });

        var command = new RootCommand("ImageAspire on this machine: drop a photo in, see what is in it.") { data, apiPort, dashboardPort, workers, apiKey, noDashboard, noVision };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new AppHostOptions(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(apiPort), parsed.GetValue(dashboardPort),
                parsed.GetValue(workers), parsed.GetValue(apiKey), parsed.GetValue(noDashboard), parsed.GetValue(noVision),
                new ConfigurationBuilder().AddEnvironmentVariables().Build()[OtlpKey] is { Length: > 0 } otlpKey ? otlpKey : null);
            if (Problem(options) is not { } problem)
                return await run(options, cancellationToken);
            await Console.Error.WriteLineAsync(problem.AsMemory(), cancellationToken);
            return 1;
        });
        // The supervisor ends by itself when asked to; the library must not cut it short.
        return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static void CheckRange(OptionResult result, int min, int max)
    {
        if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var value) || value < min || value > max))
            result.AddError($"{result.Option.Name} must be a whole number from {min} to {max}, not '{result.Tokens[0].Value}'.");
    }

    private static string? Problem(AppHostOptions options)
    {
        if (options.OtlpKey is { } key && (key.Length is < MinKey or > MaxKey || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
            return $"{OtlpKey.Replace(":", "__", StringComparison.Ordinal)} must have {MinKey} to {MaxKey} ASCII letters, digits, '-', '_' or '.'. Without it a new key is made at each start.";
        if (!IsFree(options.ApiPort))
            return $"Port {options.ApiPort} is in use. Choose another one with --api-port.";
        if (!options.NoDashboard && options.DashboardPort == options.ApiPort)
            return $"Port {options.ApiPort} is meant for two. Choose another one with --api-port or --dashboard-port.";
        if (!options.NoDashboard && !IsFree(options.DashboardPort))
            return $"Port {options.DashboardPort} is in use. Choose another one with --dashboard-port, or run without the dashboard: --no-dashboard.";
        if (!options.NoDashboard && DashboardLimits.Apply(new TelemetryLimits()) is { Count: > 0 } problems)
            return string.Join(Environment.NewLine, problems);
        try
        {
            CreateForThisUser(options.DataFolder);
            var probe = Path.Combine(options.DataFolder, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"The data folder '{options.DataFolder}' cannot be written: {error.Message} Choose another one with --data.";
        }
    }

    // Photos and databases are nobody else's. A folder that exists keeps the rights that somebody gave it.
    private static void CreateForThisUser(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // Both loopback addresses, as "localhost" means both; a machine without IPv6 has one.
    private static bool IsFree(int port)
    {
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                return false;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                continue;
            }
        }

        return true;
    }
}
