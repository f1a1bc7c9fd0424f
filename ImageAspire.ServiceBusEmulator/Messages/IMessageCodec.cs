namespace ImageAspire.ServiceBusEmulator.Messages;

/// <summary>Reads and changes messages in the format of the wire, which the broker does not know.</summary>
internal interface IMessageCodec
{
    /// <summary>Reads what the broker must know.</summary>
    /// <exception cref="FormatException">These bytes are no message.</exception>
    MessageContent Decode(byte[] encoded);

    /// <summary>All properties, for filters and rule actions; a copy that may be changed.</summary>
    MessageProperties Read(MessageContent content);

    /// <summary>The same message with these properties in place of its own.</summary>
    MessageContent With(MessageContent content, MessageProperties properties);
}
