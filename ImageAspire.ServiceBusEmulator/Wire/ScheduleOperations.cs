using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Messages;
using Microsoft.Azure.Amqp.Encoding;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Operations on messages that are to come.</summary>
internal sealed class ScheduleOperations(IMessageCodec codec)
{
    public (int Status, AmqpMap Body) Schedule(EntityDirectory entities, OperationRequest request)
    {
        var messages = request.Items("messages").Select(item => item is AmqpMap map && map.TryGetValue<ArraySegment<byte>>(new MapKey("message"), out var bytes)
            ? codec.Decode([.. bytes]) : throw request.Wrong("messages")).ToList();
        return (200, Operations.Body("sequence-numbers", MessageBroker.Send(entities, request.Entity, messages)));
    }

    public static (int Status, AmqpMap Body) Cancel(EntityDirectory entities, OperationRequest request)
    {
        var queue = entities.GetQueue(request.Entity);
        foreach (var sequence in request.Numbers("sequence-numbers"))
        {
            if (!queue.Cancel(sequence))
                throw new BrokerException(BrokerError.MessageNotFound, $"There is no scheduled message with sequence number {sequence}.");
        }

        return (200, new AmqpMap());
    }
}
