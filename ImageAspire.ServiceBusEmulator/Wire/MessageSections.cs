using System.Buffers.Binary;
using System.Text;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>An encoded message, cut into its sections. Decoded are those that the broker looks at; the rest stays as it came.</summary>
internal sealed class MessageSections
{
    private const ulong HeaderCode = 0x70, DeliveryAnnotationsCode = 0x71, AnnotationsCode = 0x72, PropertiesCode = 0x73, ApplicationCode = 0x74, DataCode = 0x75, ValueCode = 0x77;

    public Header? Header { get; private set; }

    public MessageAnnotations? Annotations { get; private set; }

    public Properties? Properties { get; private set; }

    public ApplicationProperties? Application { get; private set; }

    /// <summary>The section of properties as it came; empty when there is none. So below.</summary>
    public ArraySegment<byte> EncodedProperties { get; private set; } = ArraySegment<byte>.Empty;

    public ArraySegment<byte> EncodedApplication { get; private set; } = ArraySegment<byte>.Empty;

    /// <summary>Body and footer.</summary>
    public ArraySegment<byte> EncodedBody { get; private set; } = ArraySegment<byte>.Empty;

    /// <exception cref="FormatException">These bytes are no message.</exception>
    public static MessageSections Parse(byte[] bytes)
    {
        var message = new MessageSections();
        try
        {
            foreach (var (code, start, value, end) in Sections(bytes))
                message.Take(bytes, code, start, value, end);
        }
        catch (Exception error) when (error is not (FormatException or OutOfMemoryException))
        {
            // The decoder has many exceptions for bytes that are none of AMQP.
            throw new FormatException($"The message cannot be read: {error.Message}", error);
        }

        return message;
    }

    /// <summary>The messages in a batch: each data section is one.</summary>
    /// <exception cref="FormatException">These bytes are no batch.</exception>
    public static List<byte[]> Unpack(byte[] bytes)
    {
        var messages = new List<byte[]>();
        foreach (var (code, _, value, end) in Sections(bytes))
        {
            if (code != DataCode)
                continue;
            var content = bytes[value] switch { 0xA0 => value + 2, 0xB0 => value + 5, _ => throw new FormatException("A message in a batch is no binary.") };
            messages.Add(bytes[content..end]);
        }

        return messages.Count > 0 ? messages : throw new FormatException("The batch has no message.");
    }

    /// <summary>The value in the body of a request; null when there is none.</summary>
    /// <exception cref="FormatException">These bytes are no message.</exception>
    public static object? ReadValue(byte[] bytes)
    {
        foreach (var (code, _, value, end) in Sections(bytes))
        {
            if (code != ValueCode)
                continue;
            try
            {
                return AmqpCodec.DecodeObject(new ByteBuffer(bytes, value, end - value));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                throw new FormatException($"The request cannot be read: {error.Message}", error);
            }
        }

        return null;
    }

    private static IEnumerable<(ulong Code, int Start, int Value, int End)> Sections(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var end = at + AmqpBounds.Check(bytes.AsSpan(at));
            if (bytes[at] != 0)
                throw new FormatException("A section has no descriptor.");
            var value = at + 1 + AmqpBounds.Check(bytes.AsSpan(at + 1));
            yield return (CodeOf(bytes.AsSpan(at + 1)), at, value, end);
            at = end;
        }
    }

    private static ulong CodeOf(ReadOnlySpan<byte> descriptor) => descriptor[0] switch
    {
        0x53 => descriptor[1],
        0x80 => BinaryPrimitives.ReadUInt64BigEndian(descriptor[1..]),
        0xA3 => Encoding.ASCII.GetString(descriptor.Slice(2, descriptor[1])) switch
        {
            "amqp:header:list" => HeaderCode, "amqp:delivery-annotations:map" => DeliveryAnnotationsCode, "amqp:message-annotations:map" => AnnotationsCode,
            "amqp:properties:list" => PropertiesCode, "amqp:application-properties:map" => ApplicationCode, "amqp:data:binary" => DataCode, "amqp:amqp-value:*" => ValueCode,
            _ => 0,
        },
        _ => 0,
    };

    private void Take(byte[] bytes, ulong code, int start, int value, int end)
    {
        var section = new ArraySegment<byte>(bytes, start, end - start);
        switch (code)
        {
            case HeaderCode:
                Header = Decode<Header>(bytes, value, end);
                break;
            case DeliveryAnnotationsCode:
                break; // for the next hop only
            case AnnotationsCode:
                Annotations = Decode<MessageAnnotations>(bytes, value, end);
                break;
            case PropertiesCode:
                (Properties, EncodedProperties) = (Decode<Properties>(bytes, value, end), section);
                break;
            case ApplicationCode:
                (Application, EncodedApplication) = (Decode<ApplicationProperties>(bytes, value, end), section);
                break;
            case >= DataCode and <= 0x78:
                EncodedBody = EncodedBody.Count == 0 ? section : new ArraySegment<byte>(bytes, EncodedBody.Offset, end - EncodedBody.Offset);
                break;
            default:
                throw new FormatException("A section of an unknown kind.");
        }
    }

    private static T Decode<T>(byte[] bytes, int at, int end) where T : AmqpDescribed, new()
    {
        var section = new T();
        section.DecodeValue(new ByteBuffer(bytes, at, end - at));
        return section;
    }
}
