using System.Buffers.Binary;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>How a field of a protobuf message is written; the numbers are protobuf's.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>
/// Reads the fields of one protobuf message, in place and without allocating: a request of small pieces would otherwise take many times
/// its size before any limit could be applied.
/// </summary>
/// <param name="data">The message.</param>
internal ref struct WireReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _at;
    private WireType _type;

    /// <summary>Number of the field that <see cref="Next"/> has found. It must be read or skipped before the next one.</summary>
    public int Field { get; private set; }

    /// <summary>Whether the field is written as bytes: text, a message, or numbers one after another.</summary>
    public readonly bool IsBytes => _type == WireType.Bytes;

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="MalformedRequestException">This is not protobuf.</exception>
    public bool Next()
    {
        if (_at == _data.Length)
            return false;
        var tag = RawVarint();
        Field = tag >> 3 <= int.MaxValue ? (int)(tag >> 3) : 0;
        _type = (WireType)(tag & 7);
        return Field > 0 && _type is WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32
            ? true
            : throw new MalformedRequestException($"The body is not an OTLP message in protobuf: no field begins with {tag:x}.");
    }

    public ulong Varint()
    {
        Expect(WireType.Varint);
        return RawVarint();
    }

    public ulong Fixed64()
    {
        Expect(WireType.Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    }

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.Bytes);
        var length = RawVarint();
        return length <= (ulong)(_data.Length - _at)
            ? Take((int)length)
            : throw new MalformedRequestException($"Field {Field} says it has {length} bytes, but {_data.Length - _at} follow.");
    }

    /// <summary>Passes over the field, whatever it is.</summary>
    public void Skip()
    {
        switch (_type)
        {
            case WireType.Varint:
                RawVarint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Bytes:
                Bytes();
                break;
            default:
                Take(4);
                break;
        }
    }

    /// <summary>The last field of that number, as bytes; empty when there is none. Fields may come in any order.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> message, int field)
    {
        ReadOnlySpan<byte> found = default;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == field)
                found = reader.Bytes();
            else
                reader.Skip();
        }

        return found;
    }

    /// <summary>How many fields of that number there are.</summary>
    public static int Count(ReadOnlySpan<byte> message, int field)
    {
        var count = 0;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            count += reader.Field == field ? 1 : 0;
            reader.Skip();
        }

        return count;
    }

    /// <summary>Takes a number from the front of numbers that are written one after another.</summary>
    public static ulong TakeVarint(ref ReadOnlySpan<byte> packed)
    {
        var reader = new WireReader(packed);
        var value = reader.RawVarint();
        packed = packed[reader._at..];
        return value;
    }

    private readonly void Expect(WireType type)
    {
        if (_type != type)
            throw new MalformedRequestException($"Field {Field} is written as {_type}, not as {type}.");
    }

    private ulong RawVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new MalformedRequestException("A number has more than ten bytes.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _data.Length - _at)
            throw new MalformedRequestException("The body ends within a field.");
        _at += count;
        return _data.Slice(_at - count, count);
    }
}
