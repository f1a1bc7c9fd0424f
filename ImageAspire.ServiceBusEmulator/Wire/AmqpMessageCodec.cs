using ImageAspire.ServiceBusEmulator.Messages;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Messages as AMQP 1.0 encodes them.</summary>
internal sealed class AmqpMessageCodec : IMessageCodec
{
    public const string ScheduledEnqueueTime = "x-opt-scheduled-enqueue-time";

    public MessageContent Decode(byte[] encoded)
    {
        var sections = MessageSections.Parse(encoded);
        var properties = sections.Properties;
        if (properties?.MessageId is null)
        {
            // Clients cannot settle a message without an id; the service gives one, too.
            properties ??= new Properties();
            properties.MessageId = Guid.NewGuid().ToString("N");
            encoded = Encode(sections, properties, sections.Application);
        }

        return new MessageContent(encoded, properties.MessageId.ToString()!, properties.GroupId,
            sections.Header?.Ttl is { } ttl ? TimeSpan.FromMilliseconds(ttl) : null, ScheduledFor(sections));
    }

    public MessageProperties Read(MessageContent content)
    {
        var sections = MessageSections.Parse(content.Encoded);
        var result = new MessageProperties();
        foreach (var (name, value) in ToPairs(sections.Properties))
        {
            if (value is not null)
                result.System[name] = value;
        }

        if (sections.Application is { } application)
        {
            foreach (var pair in application.Map)
                result.User[pair.Key.ToString()!] = Plain(pair.Value);
        }

        return result;
    }

    public MessageContent With(MessageContent content, MessageProperties properties)
    {
        var sections = MessageSections.Parse(content.Encoded);
        var section = sections.Properties ?? new Properties();
        foreach (var (name, before) in ToPairs(section).ToList())
        {
            var value = properties.System.GetValueOrDefault(name);
            if (value != before)
                Set(section, name, value);
        }

        var application = new ApplicationProperties();
        foreach (var (name, value) in properties.User)
            application.Map[name] = value;
        return Decode(Encode(sections, section, application));
    }

    private static DateTimeOffset? ScheduledFor(MessageSections sections) =>
        sections.Annotations?.Map.TryGetValue<DateTime>(ScheduledEnqueueTime, out var time) is true ? new DateTimeOffset(time.ToUniversalTime()) : null;

    private static (string Name, string? Value)[] ToPairs(Properties? p) =>
    [
        (MessageProperties.MessageId, p?.MessageId?.ToString()), (MessageProperties.CorrelationId, p?.CorrelationId?.ToString()), (MessageProperties.To, p?.To?.ToString()),
        (MessageProperties.ReplyTo, p?.ReplyTo?.ToString()), (MessageProperties.Label, p?.Subject), (MessageProperties.SessionId, p?.GroupId),
        (MessageProperties.ReplyToSessionId, p?.ReplyToGroupId), (MessageProperties.ContentType, p?.ContentType.Value),
    ];

    private static void Set(Properties section, string name, string? value)
    {
        switch (name)
        {
            case MessageProperties.MessageId: section.MessageId = value; break;
            case MessageProperties.CorrelationId: section.CorrelationId = value; break;
            case MessageProperties.To: section.To = value; break;
            case MessageProperties.ReplyTo: section.ReplyTo = value; break;
            case MessageProperties.Label: section.Subject = value; break;
            case MessageProperties.SessionId: section.GroupId = value; break;
            case MessageProperties.ReplyToSessionId: section.ReplyToGroupId = value; break;
            default: section.ContentType = value; break;
        }
    }

    // .NET's client describes the types that AMQP lacks.
    private static object? Plain(object? value) => value is not DescribedType { Value: long ticks } described ? value : described.Descriptor.ToString() switch
    {
        "com.microsoft:datetime-offset" => new DateTimeOffset(new DateTime(ticks, DateTimeKind.Utc)),
        "com.microsoft:timespan" => new TimeSpan(ticks),
        _ => value,
    };

    private static object? Described(object? value) => value switch
    {
        DateTimeOffset time => new DescribedType(new AmqpSymbol("com.microsoft:datetime-offset"), time.UtcTicks),
        TimeSpan span => new DescribedType(new AmqpSymbol("com.microsoft:timespan"), span.Ticks),
        _ => value,
    };

    private static byte[] Encode(MessageSections sections, Properties properties, ApplicationProperties? application)
    {
        var encodable = application is null ? null : new ApplicationProperties();
        foreach (var pair in (IEnumerable<KeyValuePair<MapKey, object>>?)application?.Map ?? [])
            encodable!.Map[pair.Key] = Described(pair.Value);
        var buffer = new ByteBuffer((sections.Header?.EncodeSize ?? 0) + (sections.Annotations?.EncodeSize ?? 0) + properties.EncodeSize + (encodable?.EncodeSize ?? 0) + sections.EncodedBody.Count, true);
        sections.Header?.Encode(buffer);
        sections.Annotations?.Encode(buffer);
        properties.Encode(buffer);
        encodable?.Encode(buffer);
        AmqpBitConverter.WriteBytes(buffer, sections.EncodedBody.Array ?? [], sections.EncodedBody.Offset, sections.EncodedBody.Count);
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }
}
