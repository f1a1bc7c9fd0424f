namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Without sessions: the oldest message goes to the next consumer that has room.</summary>
internal sealed class PlainReadyMessages(IHandOver queue) : IReadyMessages
{
    private readonly SortedSet<QueuedMessage> _ready = new(QueuedMessage.BySequence);
    private readonly List<IConsumer> _consumers = [];
    private int _turn;

    public bool HasConsumers => _consumers.Count > 0;

    public void Add(QueuedMessage message) => _ready.Add(message);

    public void Remove(QueuedMessage message) => _ready.Remove(message);

    public void Attach(IConsumer consumer) => _consumers.Add(consumer);

    public void Detach(IConsumer consumer) => _consumers.Remove(consumer);

    public void Dispatch()
    {
        while (_ready.Min is { } message)
        {
            if (queue.Expire(message))
                continue;
            if (NextWithRoom() is not { } consumer)
                return;
            _ready.Remove(message);
            queue.HandOver(consumer, message, session: null);
        }
    }

    public void End(BrokerException reason)
    {
        foreach (var consumer in _consumers)
            consumer.End(reason);
        _consumers.Clear();
    }

    private IConsumer? NextWithRoom()
    {
        for (var i = 0; i < _consumers.Count; i++)
        {
            _turn = (_turn + 1) % _consumers.Count;
            if (_consumers[_turn].TryReserve())
                return _consumers[_turn];
        }

        return null;
    }
}
