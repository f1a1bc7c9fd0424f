using System.Xml;
using System.Xml.Linq;
using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.ServiceBusEmulator.Administration;

/// <summary>Queues, topics and subscriptions as descriptions, with their counts.</summary>
internal static class EntityXml
{
    public static XElement Write(Entity entity) => entity switch
    {
        Topic topic => WriteTopic(topic),
        Subscription subscription => WriteQueue("SubscriptionDescription", subscription,
            [Atom.Element("DeadLetteringOnFilterEvaluationExceptions", subscription.Settings.DeadLetterOnFilterErrors)]),
        QueueEntity queue => WriteQueue("QueueDescription", queue,
        [
            Atom.Element("MaxSizeInMegabytes", queue.Settings.MaxSizeInMegabytes), Atom.Element("RequiresDuplicateDetection", queue.Settings.RequiresDuplicateDetection),
            Atom.Element("DuplicateDetectionHistoryTimeWindow", queue.Settings.DuplicateWindow), Atom.Element("SizeInBytes", queue.Messages.Bytes + queue.DeadLetters.Bytes),
            Atom.Element("EnablePartitioning", false), Atom.Element("EnableExpress", false),
        ]),
        _ => throw new NotSupportedException(entity.Path),
    };

    /// <summary>Settings from a description; those that it leaves out stay as they are.</summary>
    /// <exception cref="FormatException">A value is none of its type.</exception>
    public static EntitySettings Read(XElement description, EntitySettings before)
    {
        string? Find(string name) => description.Element(Atom.ServiceBus + name)?.Value;
        TimeSpan Span(string name, TimeSpan otherwise) => Find(name) is { } text ? ToTimeSpan(text) : otherwise;
        bool Truth(string name, bool otherwise) => Find(name) is { } text ? XmlConvert.ToBoolean(text) : otherwise;
        int Number(string name, int otherwise) => Find(name) is { } text ? XmlConvert.ToInt32(text) : otherwise;
        return before with
        {
            LockDuration = Span("LockDuration", before.LockDuration),
            MaxDeliveryCount = Number("MaxDeliveryCount", before.MaxDeliveryCount),
            RequiresSession = Truth("RequiresSession", before.RequiresSession),
            DeadLetterOnExpiration = Truth("DeadLetteringOnMessageExpiration", before.DeadLetterOnExpiration),
            DeadLetterOnFilterErrors = Truth("DeadLetteringOnFilterEvaluationExceptions", before.DeadLetterOnFilterErrors),
            RequiresDuplicateDetection = Truth("RequiresDuplicateDetection", before.RequiresDuplicateDetection),
            DuplicateWindow = Span("DuplicateDetectionHistoryTimeWindow", before.DuplicateWindow),
            TimeToLive = Span("DefaultMessageTimeToLive", before.TimeToLive),
            AutoDeleteOnIdle = Span("AutoDeleteOnIdle", before.AutoDeleteOnIdle),
            ForwardTo = Find("ForwardTo"),
            ForwardDeadLettersTo = Find("ForwardDeadLetteredMessagesTo"),
            MaxSizeInMegabytes = Number("MaxSizeInMegabytes", before.MaxSizeInMegabytes),
            Status = Find("Status") ?? before.Status,
            UserMetadata = Find("UserMetadata"),
        };
    }

    private static XElement WriteQueue(string kind, QueueEntity queue, IEnumerable<XElement?> own)
    {
        var (settings, messages) = (queue.Settings, queue.Messages);
        var (active, scheduled, dead) = (messages.CountOf(MessageState.Active), messages.CountOf(MessageState.Scheduled), queue.DeadLetters.CountOf(MessageState.Active));
        return new XElement(Atom.ServiceBus + kind,
            Atom.Element("LockDuration", settings.LockDuration), Atom.Element("RequiresSession", settings.RequiresSession), Atom.Element("MaxDeliveryCount", settings.MaxDeliveryCount),
            Atom.Element("DeadLetteringOnMessageExpiration", settings.DeadLetterOnExpiration), own,
            Atom.Element("MessageCount", active + scheduled + messages.CountOf(MessageState.Deferred) + dead), Atom.Element("ForwardTo", settings.ForwardTo),
            Atom.Element("ForwardDeadLetteredMessagesTo", settings.ForwardDeadLettersTo), Common(queue), Counts(active, dead, scheduled));
    }

    private static XElement WriteTopic(Topic topic)
    {
        var settings = topic.Settings;
        return new XElement(Atom.ServiceBus + "TopicDescription",
            Atom.Element("MaxSizeInMegabytes", settings.MaxSizeInMegabytes), Atom.Element("RequiresDuplicateDetection", settings.RequiresDuplicateDetection),
            Atom.Element("DuplicateDetectionHistoryTimeWindow", settings.DuplicateWindow), Atom.Element("SizeInBytes", topic.Bytes), Atom.Element("EnablePartitioning", false),
            Atom.Element("SupportOrdering", true), Atom.Element("EnableExpress", false), Atom.Element("SubscriptionCount", topic.Subscriptions.Count),
            Common(topic), Counts(0, 0, topic.Messages.CountOf(MessageState.Scheduled)));
    }

    private static XElement?[] Common(Entity entity) =>
    [
        Atom.Element("DefaultMessageTimeToLive", entity.Settings.TimeToLive), Atom.Element("AutoDeleteOnIdle", entity.Settings.AutoDeleteOnIdle), Atom.Element("EnableBatchedOperations", true),
        Atom.Element("Status", entity.Settings.Status), Atom.Element("EntityAvailabilityStatus", "Available"), Atom.Element("UserMetadata", entity.Settings.UserMetadata),
        Atom.Element("CreatedAt", entity.CreatedAt.UtcDateTime), Atom.Element("UpdatedAt", entity.UpdatedAt.UtcDateTime), Atom.Element("AccessedAt", entity.AccessedAt.UtcDateTime),
    ];

    // JavaScript's client looks for this very prefix.
    private static XElement Counts(long active, long dead, long scheduled) => new(Atom.ServiceBus + "CountDetails", new XAttribute(XNamespace.Xmlns + "d2p1", Atom.Counts),
        new XElement(Atom.Counts + "ActiveMessageCount", active), new XElement(Atom.Counts + "DeadLetterMessageCount", dead), new XElement(Atom.Counts + "ScheduledMessageCount", scheduled),
        new XElement(Atom.Counts + "TransferMessageCount", 0), new XElement(Atom.Counts + "TransferDeadLetterMessageCount", 0));

    private static TimeSpan ToTimeSpan(string text)
    {
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (OverflowException)
        {
            return TimeSpan.MaxValue; // clients' longest durations differ
        }
    }
}
