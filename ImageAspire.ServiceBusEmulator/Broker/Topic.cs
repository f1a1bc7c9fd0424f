using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>A topic: what is sent to it goes to its subscriptions. It keeps scheduled messages and the history of duplicates itself.</summary>
internal sealed class Topic : Entity
{
    private readonly SortedDictionary<string, Subscription> _subscriptions = new(StringComparer.OrdinalIgnoreCase);

    public Topic(QueueContext context, long number, string path, EntitySettings settings) : base(context, number, path, settings) =>
        Messages = new MessageQueue(context, number, path, this, null) { Publish = Publish };

    public override EntityKind Kind => EntityKind.Topic;

    public MessageQueue Messages { get; }

    /// <summary>By name.</summary>
    public IReadOnlyCollection<Subscription> Subscriptions => _subscriptions.Values;

    /// <summary>Bytes of all messages in all subscriptions.</summary>
    public long Bytes => Messages.Bytes + _subscriptions.Values.Sum(subscription => subscription.Messages.Bytes + subscription.DeadLetters.Bytes);

    protected override bool IsInUse => false;

    public void Add(Subscription subscription) => _subscriptions.Add(subscription.Name, subscription);

    public void Remove(Subscription subscription) => _subscriptions.Remove(subscription.Name);

    public override void End(BrokerException reason)
    {
        base.End(reason);
        Messages.End(reason);
    }

    private void Publish(MessageContent content, long sequence)
    {
        foreach (var subscription in _subscriptions.Values)
        {
            if (subscription.Settings.CanSend)
                subscription.Offer(content, () => Context.Codec.Read(content), sequence);
        }
    }
}
