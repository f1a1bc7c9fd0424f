using System.Net;
using System.Net.Sockets;

namespace ImageAspire.AppHost.Embedded;

/// <summary>Hands out ports of this machine's loopback address.</summary>
/// <param name="taken">Those that are meant for somebody, whether he listens already or not.</param>
internal sealed class FreePorts(params IEnumerable<int> taken)
{
    private readonly HashSet<int> _taken = [.. taken];

    /// <summary>One that nobody has at this moment, and never the same again.</summary>
    public int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (_taken.Add(port))
                return port;
        }
    }
}
