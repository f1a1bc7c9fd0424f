using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>What all queues share.</summary>
internal sealed record QueueContext(Journal Journal, WakeUps WakeUps, TimeProvider Time, IMessageCodec Codec, IForwarder Forwarder)
{
    public DateTimeOffset Now => Time.GetUtcNow();
}

/// <summary>Sends a message on from one entity to another.</summary>
internal interface IForwarder
{
    /// <summary>Under the broker's lock.</summary>
    /// <exception cref="BrokerException">The target is missing, or refuses the message.</exception>
    void Forward(string target, MessageContent content, long sequence);
}
