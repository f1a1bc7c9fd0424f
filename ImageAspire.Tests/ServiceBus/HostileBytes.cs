using System.Buffers.Binary;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>What no client sends: garbage, and good conversations with bytes changed.</summary>
internal static class HostileBytes
{
    private static readonly byte[] SaslHeader = [.. "AMQP"u8, 3, 1, 0, 0], AmqpHeader = [.. "AMQP"u8, 0, 1, 0, 0];

    /// <summary>A frame of AMQP or SASL around a body.</summary>
    public static byte[] Frame(byte type, ReadOnlySpan<byte> body)
    {
        var frame = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        (frame[4], frame[5]) = (2, type);
        body.CopyTo(frame.AsSpan(8));
        return frame;
    }

    /// <summary>SASL ANONYMOUS, open, begin, an attach to a queue, a transfer, and flow.</summary>
    public static byte[] Conversation(string queue) =>
    [
        .. Beginning(), .. Attach(queue, 0),
        .. Frame(0, [0x00, 0x53, 0x14, 0xC0, 7, 4, 0x43, 0x43, 0xA0, 1, 7, 0x43, 0x00, 0x53, 0x75, 0xA0, 3, 1, 2, 3]),
        .. Frame(0, [0x00, 0x53, 0x13, 0xC0, 9, 6, 0x43, 0x52, 100, 0x43, 0x52, 100, 0x43, 0x40]),
    ];

    /// <summary>SASL, open, begin, and on each of so many links a message of which the last part never comes.</summary>
    public static IEnumerable<byte[]> MessagesWithoutEnd(string queue, int links)
    {
        yield return Beginning();
        for (var link = 0; link < links; link++)
        {
            yield return Attach(queue, (byte)link);
            for (var part = 0; part < 16; part++)
                yield return Frame(0, [0x00, 0x53, 0x14, 0xC0, 12, 6, 0x52, (byte)link, 0x52, (byte)link, 0xA0, 1, (byte)link, 0x43, 0x40, 0x41, .. new byte[60_000]]);
        }
    }

    /// <summary>SASL and open, after which any frame may come.</summary>
    public static byte[] Opening() =>
    [
        .. SaslHeader, .. Frame(1, [0x00, 0x53, 0x41, 0xC0, 12, 1, 0xA3, 9, .. "ANONYMOUS"u8]),
        .. AmqpHeader, .. Frame(0, [0x00, 0x53, 0x10, 0xC0, 4, 1, 0xA1, 1, (byte)'c']),
    ];

    /// <summary>Lists in lists, as deep as a frame has room.</summary>
    public static byte[] NestedFrame(int bytes)
    {
        var body = new List<byte> { 0x00, 0x53, 0x10 };
        for (var left = bytes; left > 9; left -= 9)
            body.AddRange([0xD0, .. BigEndian(left - 5), .. BigEndian(1)]);
        body.Add(0x40);
        return Frame(0, body.ToArray());
    }

    /// <summary>Descriptors of descriptors.</summary>
    public static byte[] NestedDescriptors(int bytes) => Frame(0, new byte[bytes]);

    /// <summary>An array of two billion values that need no bytes.</summary>
    public static byte[] HugeArray() => Frame(0, [0x00, 0x53, 0x10, 0xD0, .. BigEndian(17), .. BigEndian(1), 0xF0, .. BigEndian(5), .. BigEndian(int.MaxValue), 0x40]);

    public static byte[] Garbage(Random random)
    {
        var bytes = new byte[random.Next(1, 2_000)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Changes, inserts, removes or repeats bytes.</summary>
    public static byte[] Mutate(Random random, byte[] bytes)
    {
        var result = bytes.ToList();
        for (var i = random.Next(1, 6); i > 0 && result.Count > 1; i--)
        {
            var at = random.Next(result.Count);
            switch (random.Next(5))
            {
                case 0:
                    result[at] = (byte)random.Next(256);
                    break;
                case 1:
                    result[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    result.Insert(at, (byte)random.Next(256));
                    break;
                case 3:
                    result.RemoveRange(at, Math.Min(random.Next(1, 8), result.Count - at));
                    break;
                default:
                    result.InsertRange(at, result.GetRange(at, Math.Min(random.Next(1, 40), result.Count - at)));
                    break;
            }
        }

        return [.. result];
    }

    private static byte[] Attach(string queue, byte link)
    {
        byte[] name = [0xA1, (byte)queue.Length, .. System.Text.Encoding.ASCII.GetBytes(queue)];
        byte[] target = [0x00, 0x53, 0x29, 0xC0, (byte)(name.Length + 1), 1, .. name];
        byte[] fields = [0xA1, 2, (byte)'l', (byte)(link + 1), 0x52, link, 0x42, 0x40, 0x40, 0x00, 0x53, 0x28, 0x45, .. target, 0x40, 0x40, 0x43];
        return Frame(0, [0x00, 0x53, 0x12, 0xC0, (byte)(fields.Length + 1), 10, .. fields]);
    }

    private static byte[] Beginning() => [.. Opening(), .. Frame(0, [0x00, 0x53, 0x11, 0xC0, 10, 4, 0x40, 0x43, 0x70, 0, 0, 8, 0, 0x52, 100])];

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
