using System.Buffers.Binary;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Wire;

/// <summary>Writes answers: OP_MSG, and OP_REPLY to OP_QUERY.</summary>
internal static class WireWriter
{
    private const int Reply = 1, Message = 2013;
    private const int AwaitCapable = 8;

    /// <summary>The bytes of an answer.</summary>
    public static byte[] Write(BsonDocument answer, WireMessage to)
    {
        var bson = answer.ToBson();
        var before = WireReader.HeaderLength + (to.IsLegacy ? 20 : 5);
        var message = new byte[before + bson.Length];
        Put(message, 0, message.Length);
        Put(message, 8, to.Id);
        Put(message, 12, to.IsLegacy ? Reply : Message);
        if (to.IsLegacy)
        {
            // Flags, a cursor (8 bytes) and where it begins: none; how many documents.
            Put(message, 16, AwaitCapable);
            Put(message, 32, 1);
        }

        bson.CopyTo(message, before);
        return message;
    }

    private static void Put(byte[] message, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(at), value);
}
