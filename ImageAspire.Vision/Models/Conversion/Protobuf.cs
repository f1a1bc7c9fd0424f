using System.Buffers;
using System.Text;

namespace ImageAspire.Vision.Models.Conversion;

/// <summary>Writes a message of Protocol Buffers, field by field (protobuf.dev/programming-guides/encoding).</summary>
internal sealed class Protobuf
{
    private const int Varint = 0, LengthDelimited = 2, Fixed32 = 5; // wire types
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public Protobuf Int(int field, long value)
    {
        Key(field, Varint);
        return Number((ulong)value);
    }

    public Protobuf Float(int field, float value)
    {
        Key(field, Fixed32);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public Protobuf Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public Protobuf Message(int field, Protobuf value) => Bytes(field, value.ToArray());

    public Protobuf Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, LengthDelimited);
        Number((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private void Key(int field, int type) => Number((ulong)(field << 3 | type));

    private Protobuf Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
        return this;
    }
}
