using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ImageAspire.Tests;

/// <summary>Ports of this machine.</summary>
internal static class Ports
{
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>One of the loopback address that is free now, and that no other caller got.</summary>
    public static int Free()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (Given.TryAdd(port, true))
                return port;
        }
    }
}
