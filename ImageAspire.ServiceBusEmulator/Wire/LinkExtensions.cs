using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ImageAspire.ServiceBusEmulator.Wire;

internal static class LinkExtensions
{
    /// <summary>Answers a delivery; without effect on a link that was closed meanwhile.</summary>
    public static void Answer(this AmqpLink link, Delivery delivery, DeliveryState state)
    {
        if (link.State == AmqpObjectState.Opened)
            link.DisposeDelivery(delivery, true, state);
    }

    /// <summary>The bytes of a message that was received whole.</summary>
    public static byte[] ReadAll(this AmqpMessage message)
    {
        var bytes = new byte[message.RawByteBuffers.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in message.RawByteBuffers)
        {
            part.Buffer.AsSpan(part.Offset, part.Length).CopyTo(bytes.AsSpan(at));
            at += part.Length;
        }

        return bytes;
    }

    public static string AddressOf(object? terminus) => terminus switch
    {
        Target target => target.Address?.ToString() ?? "",
        Source source => source.Address?.ToString() ?? "",
        _ => "",
    };
}
