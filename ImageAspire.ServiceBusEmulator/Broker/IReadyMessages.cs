namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Messages that wait for a consumer.</summary>
internal interface IReadyMessages
{
    void Add(QueuedMessage message);

    void Remove(QueuedMessage message);

    /// <summary>Hands messages to consumers as long as there are both.</summary>
    void Dispatch();

    /// <summary>Ends all consumers.</summary>
    void End(BrokerException reason);
}

/// <summary>What a queue does with a message that goes to a consumer.</summary>
internal interface IHandOver
{
    /// <summary>Whether its time to live has passed; it is then gone.</summary>
    bool Expire(QueuedMessage message);

    void HandOver(IConsumer consumer, QueuedMessage message, Session? session);
}
