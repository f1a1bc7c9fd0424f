using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Requests and their answers: tokens (<c>$cbs</c>), operations (<c>ENTITY/$management</c>), and transactions.</summary>
internal sealed class RequestNode(MessageBroker broker, Operations operations)
{
    private const string Cbs = "$cbs", Management = "/$management";

    public static bool IsNode(string address) => address == Cbs || address.EndsWith(Management, StringComparison.OrdinalIgnoreCase);

    public async Task StartAsync(ReceivingAmqpLink link)
    {
        var address = LinkExtensions.AddressOf(link.Settings.Target);
        if (address != Cbs)
            await broker.DoAsync(entities => entities.GetQueue(address[..^Management.Length]));
        link.RegisterMessageListener(message => Receive(link, message, bytes => _ = AnswerAsync(link, address, message, bytes)));
    }

    public static void StartReplies(SendingAmqpLink link)
    {
        ((ServerConnection)link.Session.Connection).Replies.Add(link, LinkExtensions.AddressOf(link.Settings.Source));
        link.RegisterDispositionListener(delivery =>
        {
            if (!delivery.Settled)
                link.Answer(delivery, new Accepted());
        });
    }

    public void StartCoordinator(ReceivingAmqpLink link) => link.RegisterMessageListener(message => Receive(link, message, bytes => Coordinate(link, message, bytes)));

    private static void Receive(ReceivingAmqpLink link, AmqpMessage message, Action<byte[]> handle)
    {
        var bytes = message.ReadAll();
        message.Dispose();
        try
        {
            handle(bytes);
        }
        catch (Exception error) when (error is BrokerException or FormatException or AmqpException)
        {
            link.Answer(message, new Rejected { Error = WireErrors.ToException(error).Error });
        }
    }

    private void Coordinate(ReceivingAmqpLink link, AmqpMessage message, byte[] bytes)
    {
        var transactions = ((ServerConnection)link.Session.Connection).Transactions;
        switch (MessageSections.ReadValue(bytes))
        {
            case Declare:
                link.Answer(message, new Declared { TxnId = transactions.Declare() });
                break;
            case Discharge discharge:
                var parts = transactions.Take(discharge);
                broker.Do(entities =>
                {
                    foreach (var part in parts)
                        part.Check(entities);
                    foreach (var part in parts)
                        part.Apply(entities);
                    return true;
                }, _ => link.Answer(message, new Accepted()));
                break;
            default:
                throw new FormatException("A coordinator takes declare and discharge.");
        }
    }

    private async Task AnswerAsync(ReceivingAmqpLink link, string address, AmqpMessage message, byte[] bytes)
    {
        link.Answer(message, new Accepted());
        Properties? properties = null;
        AmqpMessage answer;
        try
        {
            var sections = MessageSections.Parse(bytes);
            properties = sections.Properties;
            answer = address == Cbs ? TokenAccepted() : await RunAsync(address[..^Management.Length], message, sections, bytes);
        }
        catch (Exception error) when (error is BrokerException or FormatException)
        {
            var (status, condition) = WireErrors.Of(error);
            answer = Answer(new AmqpMap(), status, error.Message);
            answer.ApplicationProperties.Map["errorCondition"] = new AmqpSymbol(condition);
        }

        ((ServerConnection)link.Session.Connection).Replies.Send(address, properties, answer);
    }

    private async Task<AmqpMessage> RunAsync(string entity, AmqpMessage message, MessageSections sections, byte[] bytes)
    {
        if (message.TxnId.Array is not null)
            throw new BrokerException(BrokerError.NotImplemented, "Requests in transactions are not supported: schedule and settle by lock token outside of them.");
        var name = sections.Application?.Map.TryGetValue<object>("operation", out var operation) is true ? operation.ToString()! : "";
        var request = new OperationRequest(entity, name, MessageSections.ReadValue(bytes) as AmqpMap ?? new AmqpMap());
        var (status, body) = await broker.DoAsync(entities => operations.Run(entities, request));
        return Answer(body, status, status == 204 ? "No content" : "OK");
    }

    private static AmqpMessage Answer(AmqpMap body, int status, string description)
    {
        var answer = AmqpMessage.Create(new AmqpValue { Value = body });
        answer.ApplicationProperties.Map["statusCode"] = status;
        answer.ApplicationProperties.Map["statusDescription"] = description;
        return answer;
    }

    // Any token: an emulator listens to its own machine only.
    private static AmqpMessage TokenAccepted()
    {
        var answer = AmqpMessage.Create();
        answer.ApplicationProperties.Map["status-code"] = 202;
        answer.ApplicationProperties.Map["status-description"] = "Accepted";
        return answer;
    }
}
