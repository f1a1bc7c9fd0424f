using Microsoft.AspNetCore.Connections;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Takes the connections that the web server accepts on the AMQP port.</summary>
internal sealed class AmqpConnectionHandler(AmqpEndpoint endpoint, WireLimits limits, TimeProvider time) : ConnectionHandler
{
    private int _count;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        try
        {
            if (Interlocked.Increment(ref _count) <= limits.MaxConnections)
                await endpoint.ServeAsync(new PipeTransport(connection), time);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
