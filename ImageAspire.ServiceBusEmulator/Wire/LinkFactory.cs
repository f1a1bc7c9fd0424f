using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;
using Microsoft.Azure.Amqp.Transport;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Makes connections, sessions and links, and attaches each link to what its address names.</summary>
internal sealed class LinkFactory(WireLimits limits, EntityLinks entities, RequestNode requests) : IRuntimeProvider
{
    public AmqpConnection CreateConnection(TransportBase transport, ProtocolHeader protocolHeader, bool isInitiator, AmqpSettings amqpSettings, AmqpConnectionSettings connectionSettings) =>
        new ServerConnection(transport, protocolHeader, amqpSettings, connectionSettings, limits) { SessionFactory = this };

    public AmqpSession CreateSession(AmqpConnection connection, AmqpSessionSettings settings)
    {
        settings.HandleMax = WireLimits.MaxHandles;
        return new ServerSession((ServerConnection)connection, settings, this);
    }

    public AmqpLink CreateLink(AmqpSession session, AmqpLinkSettings settings)
    {
        AmqpLink link;
        if (settings.Role is true)
        {
            settings.MaxMessageSize = (ulong)limits.MaxMessageBytes;
            settings.TotalLinkCredit = limits.Credit;
            settings.AddProperty("com.microsoft:max-message-batch-size", (ulong)limits.MaxMessageBytes);
            link = new ReceivingAmqpLink(session, settings);
        }
        else
        {
            link = new SendingAmqpLink(session, settings);
        }

        ((ServerConnection)session.Connection).CountLink(link);
        return link;
    }

    public IAsyncResult BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(OpenAsync(link), callback, state);

    public void EndOpenLink(IAsyncResult result) => TaskToAsyncResult.End(result);

    private async Task OpenAsync(AmqpLink link)
    {
        try
        {
            switch (link)
            {
                case ReceivingAmqpLink { Settings.Target: Coordinator } receiver:
                    requests.StartCoordinator(receiver);
                    break;
                case ReceivingAmqpLink receiver when RequestNode.IsNode(LinkExtensions.AddressOf(receiver.Settings.Target)):
                    await requests.StartAsync(receiver);
                    break;
                case ReceivingAmqpLink receiver:
                    await entities.StartSenderAsync(receiver);
                    break;
                case SendingAmqpLink sender when RequestNode.IsNode(LinkExtensions.AddressOf(sender.Settings.Source)):
                    RequestNode.StartReplies(sender);
                    break;
                case SendingAmqpLink sender:
                    await entities.StartReceiverAsync(sender);
                    break;
            }
        }
        catch (Exception error) when (error is BrokerException or FormatException)
        {
            throw WireErrors.ToException(error);
        }
    }
}
