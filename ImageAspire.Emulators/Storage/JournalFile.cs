using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace ImageAspire.Emulators.Storage;

/// <summary>The bytes of a journal: for each record its length, its checksum (CRC-32C) and its BSON.</summary>
internal static class JournalFile
{
    private const int HeaderLength = 8;
    private const int MaxLength = 64 * 1024 * 1024; // a document, the result of its statement, and what is around them

    /// <summary>Writes a record at a position.</summary>
    /// <returns>Its length.</returns>
    public static int Write(SafeFileHandle file, long at, BsonDocument record)
    {
        var body = record.ToBson();
        var bytes = new byte[HeaderLength + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Checksum(body));
        body.CopyTo(bytes, HeaderLength);
        RandomAccess.Write(file, bytes, at);
        return bytes.Length;
    }

    /// <summary>All records, up to one that is incomplete or damaged.</summary>
    public static IEnumerable<BsonDocument> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 20);
        var header = new byte[HeaderLength];
        while (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length is <= 0 or > MaxLength)
                yield break;
            var body = new byte[length];
            if (file.ReadAtLeast(body, length, throwOnEndOfStream: false) < length || Checksum(body) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)))
                yield break;
            yield return BsonSerializer.Deserialize<BsonDocument>(body);
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
