using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Topic;

/// <summary>
/// Events as messages and back. <c>Subject</c> is the event's type, <c>CorrelationId</c> the image: subscriptions filter on these and never
/// on the body. A message that is redelivered later is sent as a copy with <c>To</c> set to its subscription; every subscription has a
/// rule for its own name, and the type rules do not match the copy's subject.
/// </summary>
internal static class ServiceBusMessages
{
    /// <summary>Subject of a copy that only one subscription receives.</summary>
    public const string RedeliverySubject = "redelivery";

    private const string TypeKey = "type";
    private const string SubjectKey = "subject";

    // W3C trace context as the SDK reads it. Set here, because a relay may publish an event long after its cause.
    private const string TraceParentKey = "traceparent";
    private const string DiagnosticIdKey = "Diagnostic-Id";

    // Service Bus counts deliveries of one message; these carry the count from copy to copy.
    private const string CountedKey = "imageaspire-counted";
    private const string DeliveriesKey = "imageaspire-deliveries";
    private const string GenerationKey = "imageaspire-generation";
    private const string PublishedKey = "imageaspire-published";

    /// <summary>The message for an event.</summary>
    public static ServiceBusMessage Of(ImageEvent e, DateTimeOffset? notBefore)
    {
        var message = new ServiceBusMessage(CloudEvents.Write(e))
        {
            MessageId = e.Id.ToString("D"), Subject = e.Type, CorrelationId = e.ImageId.ToString("D"), ContentType = CloudEvents.ContentType,
        };
        message.ApplicationProperties[TypeKey] = e.Type;
        message.ApplicationProperties[SubjectKey] = e.ImageId.ToString("D");
        if (e.TraceParent is { } trace)
            (message.ApplicationProperties[TraceParentKey], message.ApplicationProperties[DiagnosticIdKey]) = (trace, trace);
        if (notBefore is { } time)
            message.ScheduledEnqueueTime = NotBefore(time);
        return message;
    }

    /// <summary>The delivery in a received message.</summary>
    /// <exception cref="FormatException">The body is not one of our events.</exception>
    public static ReceivedMessage Read(ServiceBusReceivedMessage message) =>
        new(CloudEvents.Read(message.Body.ToMemory().Span), DeliveryCount(message), PublishedAt(message), message.SequenceNumber);

    /// <summary>Deliveries of the event to this subscription, this one included, without those that do not count.</summary>
    public static int DeliveryCount(ServiceBusReceivedMessage message) => Math.Max(1, Number(message, CountedKey) + message.DeliveryCount);

    /// <summary>
    /// Deliveries of a dead letter before it was dead-lettered. The service's own count differs: it omits the last delivery when the consumer
    /// dead-letters the message, and grows when operators search for another dead letter.
    /// </summary>
    public static int DeliveriesOfDeadLetter(ServiceBusReceivedMessage message) =>
        Number(message, DeliveriesKey) is > 0 and var deliveries ? deliveries : DeliveryCount(message);

    /// <summary>The properties to set when a message is dead-lettered.</summary>
    public static Dictionary<string, object> DeadLetterProperties(ServiceBusReceivedMessage message) => new() { [DeliveriesKey] = DeliveryCount(message) };

    /// <summary>When the event was first published.</summary>
    public static DateTimeOffset PublishedAt(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(PublishedKey, out var value) && value is DateTimeOffset published ? published : message.EnqueuedTime;

    /// <summary>
    /// The copy that is delivered to this subscription later. Its id is derived from the original's: when a process dies between sending the
    /// copy and completing the original, the second copy is a duplicate, which the topic drops.
    /// </summary>
    public static ServiceBusMessage Redelivery(ServiceBusReceivedMessage message, string subscription, DateTimeOffset due, bool counted)
    {
        var copy = CopyFor(message, subscription);
        var generation = Number(message, GenerationKey) + 1;
        copy.MessageId = $"{EventIdOf(message)}.{subscription}.{generation}";
        copy.ApplicationProperties[GenerationKey] = generation;
        copy.ApplicationProperties[CountedKey] = DeliveryCount(message) - (counted ? 0 : 1);
        copy.ScheduledEnqueueTime = NotBefore(due);
        return copy;
    }

    /// <summary>
    /// The copy that restores a dead letter, with a delivery count of zero. Its id is derived from the dead letter's position and time: when
    /// this process dies before the dead letter is removed, a second restore is a duplicate.
    /// </summary>
    public static ServiceBusMessage Restored(ServiceBusReceivedMessage message, string subscription)
    {
        var copy = CopyFor(message, subscription);
        copy.MessageId = $"{EventIdOf(message)}.{subscription}.r{message.EnqueuedTime.ToUnixTimeMilliseconds()}-{message.SequenceNumber}";
        copy.ApplicationProperties.Remove(CountedKey);
        copy.ApplicationProperties[GenerationKey] = Number(message, GenerationKey) + 1_000; // later copies must not repeat an earlier id
        return copy;
    }

    private static ServiceBusMessage CopyFor(ServiceBusReceivedMessage message, string subscription)
    {
        var copy = new ServiceBusMessage(message) { To = subscription, Subject = RedeliverySubject };
        copy.ApplicationProperties.Remove(DeliveriesKey);
        copy.ApplicationProperties.Remove("DeadLetterReason");
        copy.ApplicationProperties.Remove("DeadLetterErrorDescription");
        copy.ApplicationProperties[PublishedKey] = PublishedAt(message);
        return copy;
    }

    // The id of the first message, without the suffixes of copies; 128 characters are allowed in all.
    private static string EventIdOf(ServiceBusReceivedMessage message) =>
        message.MessageId is { Length: > 0 } id ? id.Split('.', 2)[0] : $"seq{message.SequenceNumber}";

    // The protocol has whole milliseconds; rounded down, the message would come too early.
    private static DateTimeOffset NotBefore(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);

    private static int Number(ServiceBusReceivedMessage message, string key) =>
        message.ApplicationProperties.TryGetValue(key, out var value) && value is int number ? number : 0;
}
