using System.Net.Sockets;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Webhooks;

/// <summary>
/// Connects to the addresses that webhooks may lead to. The name is resolved here, every address is checked, and the connection goes to exactly
/// those addresses, so that a second, different answer of a name server (DNS rebinding) has no effect.
/// </summary>
internal sealed class PublicAddressConnector(WebhookAddresses addresses)
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="AddressRefusedException">One of the addresses is not public.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var checkedOnes = await addresses.ResolveAsync(context.DnsEndPoint.Host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(checkedOnes, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
