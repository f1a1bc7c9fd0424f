using System.Net;
using System.Net.Sockets;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Worker.Webhooks;

/// <summary>Resolves a host name; a numeric address resolves to itself.</summary>
internal delegate Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken);

/// <summary>
/// Connects to public addresses only. The name is resolved here, every address is checked, and the connection goes to exactly
/// those addresses, so that a second, different answer of a name server (DNS rebinding) has no effect.
/// </summary>
/// <param name="allowPrivate">Whether addresses that are not public are allowed.</param>
/// <param name="resolve">Resolves names.</param>
internal sealed class PublicAddressConnector(bool allowPrivate, Resolve resolve)
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="AddressRefusedException">One of the addresses is not public.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await resolve(host, cancellationToken);
        // A single one that is not public is refused: the name is not that of a receiver on the internet.
        if (!allowPrivate && Array.Find(addresses, address => !PublicAddresses.Contains(address)) is { } refused)
            throw new AddressRefusedException(host, refused);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A name resolves to an address that is not public.</summary>
internal sealed class AddressRefusedException(string host, IPAddress address)
    : Exception($"'{host}' leads to {address}, which is not a public address. {WebhookOptions.Section}:{nameof(WebhookOptions.AllowPrivateAddresses)} would allow it.");
