namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>A queue with its dead-letter queue.</summary>
internal class QueueEntity : Entity
{
    public const string DeadLetterSuffix = "/$DeadLetterQueue";

    public QueueEntity(QueueContext context, long number, string path, EntitySettings settings) : base(context, number, path, settings)
    {
        DeadLetters = new MessageQueue(context, number + 1, path + DeadLetterSuffix, this, null);
        Messages = new MessageQueue(context, number, path, this, DeadLetters);
    }

    public override EntityKind Kind => EntityKind.Queue;

    public MessageQueue Messages { get; }

    public MessageQueue DeadLetters { get; }

    protected override bool IsInUse => Messages.HasConsumers || DeadLetters.HasConsumers;

    public override void Change(EntitySettings settings)
    {
        base.Change(settings);
        Messages.ApplyStatus();
        DeadLetters.ApplyStatus();
    }

    public override void End(BrokerException reason)
    {
        base.End(reason);
        Messages.End(reason);
        DeadLetters.End(reason);
    }
}
