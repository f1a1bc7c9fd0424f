using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ImageAspire.Embedded.Upgrades;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Model;

/// <summary>Finds errors before anything starts, which would otherwise appear later and less clearly: ports in use, a data folder that cannot be written, a missing connection.</summary>
internal static class LocalChecks
{
    private const int FirstPort = 20_000;
    private const int PortsEnd = 32_000;
    private const int MaxTries = 1_000;
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static void Run(AppHostSettings settings, IConfiguration configuration, List<string> errors)
    {
        if (!IsFree(settings.ApiPort))
            errors.Add($"Port {settings.ApiPort} is in use. Choose another one for gallery and API with --api-port ({AppHostSettings.ApiPortKey}).");
        if (settings.ApiPort == settings.DashboardPort)
            errors.Add($"Port {settings.ApiPort} is set for both the Api and the dashboard. Choose another one with --api-port or --dashboard-port.");
        else if (!IsFree(settings.DashboardPort))
            errors.Add($"Port {settings.DashboardPort} is in use. Choose another one for the dashboard with --dashboard-port ({AppHostSettings.DashboardPortKey}).");
        if (FolderError(settings.DataFolder) is { } problem)
            errors.Add($"The data folder '{settings.DataFolder}' cannot be written: {problem} Choose another one with --data ({AppHostSettings.DataKey}).");
        else if (settings.ApiKey is null && AccessExtensions.StoredKeyError(settings.DataFolder) is { } key)
            errors.Add(key);
        if (settings.Backend == Backend.Embedded && StoreCompatibility.FindProblem(settings.DataFolder) is { } incompatible)
            errors.Add(incompatible);
        if (settings.Vision == VisionSource.Azure && string.IsNullOrEmpty(configuration.GetConnectionString("vision")))
            errors.Add("ConnectionStrings:vision is missing, and --vision azure needs it: 'Endpoint=https://NAME.cognitiveservices.azure.com/;Key=…'.");
    }

    /// <summary>
    /// A port of the loopback addresses that is free now, another one at each call. Below those that systems give to connections by themselves: while a process is restarted, no
    /// other, and no client that tries to connect to it, gets its port.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static int FreePort()
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var port = Random.Shared.Next(FirstPort, PortsEnd);
            if (Given.TryAdd(port, true) && IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"There is no free port from {FirstPort} to {PortsEnd - 1}.");
    }

    // Both loopback addresses, because "localhost" means both; a machine without IPv6 has one.
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

    private static string? FolderError(string folder)
    {
        try
        {
            // Images and databases are private. An existing folder keeps its permissions.
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}
