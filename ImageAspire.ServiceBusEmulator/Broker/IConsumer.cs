namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Someone who takes messages as they come.</summary>
internal interface IConsumer
{
    /// <summary>Whether messages are gone with their delivery (receive and delete).</summary>
    bool TakesForGood { get; }

    /// <summary>Reserves room for one more message. Called under the broker's lock.</summary>
    /// <returns>False when there is none; the consumer then calls <see cref="MessageQueue.Wake"/> once there is.</returns>
    bool TryReserve();

    /// <summary>Hands over a message for which there was a reservation.</summary>
    /// <returns>False when it cannot be handed over any more.</returns>
    bool Deliver(MessageSnapshot delivery);

    /// <summary>There is nothing more to come.</summary>
    void End(BrokerException reason);
}
