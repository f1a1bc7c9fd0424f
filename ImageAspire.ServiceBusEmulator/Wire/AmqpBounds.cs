using System.Buffers.Binary;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>
/// Looks over encoded AMQP before anything decodes it. Decoders call themselves for each level and trust counts, so a few kilobytes of nested lists
/// would end the process by a full stack, and an array of billions of empty values its memory.
/// </summary>
internal static class AmqpBounds
{
    private const int MaxDepth = 32;

    /// <summary>The length of the value at the beginning.</summary>
    /// <exception cref="FormatException">It is no value, reaches beyond the end, or is nested too deeply.</exception>
    public static int Check(ReadOnlySpan<byte> bytes) => Value(bytes, 0);

    private static int Value(ReadOnlySpan<byte> bytes, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException($"Values are nested more than {MaxDepth} levels deep.");
        var constructor = First(bytes);
        if (constructor != 0)
            return 1 + Data(constructor, bytes[1..], depth);
        var descriptor = 1 + Value(bytes[1..], depth + 1);
        return descriptor + Value(bytes[descriptor..], depth + 1);
    }

    // The length of what comes after a constructor.
    private static int Data(byte constructor, ReadOnlySpan<byte> bytes, int depth)
    {
        var length = (constructor >> 4) switch
        {
            0x4 => 0, 0x5 => 1, 0x6 => 2, 0x7 => 4, 0x8 => 8, 0x9 => 16,
            0xA or 0xC or 0xE => 1 + First(bytes),
            0xB or 0xD or 0xF => Wide(bytes),
            _ => throw new FormatException($"0x{constructor:x2} is no constructor."),
        };
        if (length > bytes.Length)
            throw new FormatException("A value reaches beyond the end.");
        if (constructor >= 0xC0)
            Compound(constructor, bytes[..length], depth);
        return length;
    }

    private static int Wide(ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return size <= int.MaxValue - 4 ? 4 + (int)size : throw new FormatException("A value reaches beyond the end.");
    }

    private static void Compound(byte constructor, ReadOnlySpan<byte> bytes, int depth)
    {
        var isWide = (constructor & 0x10) != 0;
        var width = isWide ? 4 : 1;
        if (bytes.Length < 2 * width)
            throw new FormatException("A list, map or array has no count.");
        var count = isWide ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : bytes[1];
        var items = bytes[(2 * width)..];
        if (count > items.Length)
            throw new FormatException("A list, map or array has fewer bytes than values.");
        if (constructor is 0xE0 or 0xF0)
        {
            Array(items, count, depth + 1);
            return;
        }

        for (; count > 0; count--)
            items = items[Value(items, depth + 1)..];
    }

    private static void Array(ReadOnlySpan<byte> items, uint count, int depth)
    {
        if (count == 0)
            return;
        if (depth > MaxDepth)
            throw new FormatException($"Values are nested more than {MaxDepth} levels deep.");
        while (First(items) == 0)
            items = items[(1 + Value(items[1..], depth + 1))..];
        var constructor = First(items);
        items = items[1..];
        for (; count > 0; count--)
            items = items[Data(constructor, items, depth)..];
    }

    private static byte First(ReadOnlySpan<byte> bytes) => bytes.Length > 0 ? bytes[0] : throw new FormatException("A value reaches beyond the end.");
}
