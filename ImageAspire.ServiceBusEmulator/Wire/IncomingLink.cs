using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Messages;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>A link on which a client sends messages to a queue or a topic.</summary>
internal sealed class IncomingLink(ReceivingAmqpLink link, string address, MessageBroker broker, IMessageCodec codec)
{
    private const uint BatchFormat = 0x80013700;
    private readonly ServerConnection _connection = (ServerConnection)link.Session.Connection;

    public void Start() => link.RegisterMessageListener(OnMessage);

    private void OnMessage(AmqpMessage message)
    {
        var size = message.BytesTransfered;
        try
        {
            _connection.CountReceived(size);
            var bytes = message.ReadAll();
            message.Dispose();
            var contents = (message.MessageFormat == BatchFormat ? MessageSections.Unpack(bytes) : [bytes]).ConvertAll(codec.Decode);
            if (message.TxnId.Array is not null)
                Enlist(message, contents, size);
            else
                broker.Do(entities => MessageBroker.Send(entities, address, contents), _ => Answer(message, new Accepted(), size));
        }
        catch (Exception error) when (error is BrokerException or FormatException or AmqpException)
        {
            Answer(message, error is AmqpException amqp ? new Rejected { Error = amqp.Error } : WireErrors.ToRejected(error), size);
        }
    }

    private void Enlist(AmqpMessage message, List<MessageContent> contents, long size)
    {
        _connection.Transactions.Enlist(message.TxnId, new TransactionPart(
            entities => contents.ForEach(entities.GetQueue(address).Check),
            entities => MessageBroker.Send(entities, address, contents), size));
        Answer(message, new TransactionalState { TxnId = message.TxnId, Outcome = new Accepted() }, 0);
    }

    private void Answer(AmqpMessage message, DeliveryState state, long size)
    {
        _connection.CountReceived(-size);
        link.Answer(message, state);
    }
}
