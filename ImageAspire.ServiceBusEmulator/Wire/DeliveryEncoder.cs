using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Writes a message for a receiver: the sender's, with header and annotations by the broker.</summary>
internal static class DeliveryEncoder
{
    public static byte[] Encode(MessageSnapshot delivery)
    {
        var sections = MessageSections.Parse(delivery.Content.Encoded);
        var header = sections.Header ?? new Header();
        header.DeliveryCount = (uint)delivery.Deliveries;
        var annotations = sections.Annotations ?? new MessageAnnotations();
        var map = annotations.Map;
        map["x-opt-enqueued-time"] = delivery.EnqueuedAt.UtcDateTime;
        map["x-opt-sequence-number"] = delivery.Sequence;
        map["x-opt-enqueue-sequence-number"] = delivery.EnqueueSequence;
        map["x-opt-message-state"] = (int)delivery.State;
        if (delivery.Lock != Guid.Empty)
            map["x-opt-locked-until"] = delivery.LockedUntil.UtcDateTime;
        if (delivery.Source is not null)
            map["x-opt-deadletter-source"] = delivery.Source;

        var (properties, application, body) = (sections.EncodedProperties, sections.EncodedApplication, sections.EncodedBody);
        var buffer = new ByteBuffer(header.EncodeSize + annotations.EncodeSize + properties.Count + application.Count + body.Count, true);
        header.Encode(buffer);
        annotations.Encode(buffer);
        foreach (var section in (ReadOnlySpan<ArraySegment<byte>>)[properties, application, body])
            AmqpBitConverter.WriteBytes(buffer, section.Array ?? [], section.Offset, section.Count);
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }
}
