using System.Buffers.Binary;
using System.Text;
using ImageAspire.Emulators.Commands;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace ImageAspire.Emulators.Wire;

/// <summary>
/// Reads messages: OP_MSG, and OP_QUERY for the first hello. Numbers are little-endian: a header of length, id, response-to and operation, then the body.
/// Source: the manual's "MongoDB Wire Protocol".
/// </summary>
internal static class WireReader
{
    /// <summary>Bytes of a header.</summary>
    public const int HeaderLength = 16;

    private const int Query = 2004, Message = 2013;
    private const int ChecksumPresent = 1, MoreToCome = 2, RequiredFlags = 0xFFFF;

    /// <summary>Reads a message; null when the client has gone.</summary>
    /// <exception cref="InvalidDataException">It is none: what follows cannot be read either.</exception>
    public static async Task<WireMessage?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        if (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken) < HeaderLength)
            return null;
        var (length, id, operation) = (Number(header, 0), Number(header, 4), Number(header, 12));
        if (length is < HeaderLength or > ServerCommands.MaxMessageSize)
            throw new InvalidDataException($"A message cannot have {length} bytes.");
        var body = new byte[length - HeaderLength];
        await stream.ReadExactlyAsync(body, cancellationToken);
        try
        {
            return operation switch
            {
                Message => ReadMessage(id, body),
                Query => ReadQuery(id, body),
                _ => throw new InvalidDataException($"There is no operation {operation}."),
            };
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException or BsonException or EndOfStreamException or OverflowException)
        {
            throw new InvalidDataException($"A message is damaged: {error.Message}", error);
        }
    }

    // Flags, sections, perhaps a checksum. A section of kind 0 is the command, one of kind 1 an argument: its name and its documents.
    private static WireMessage ReadMessage(int id, byte[] body)
    {
        var flags = Number(body, 0);
        if ((flags & RequiredFlags & ~(ChecksumPresent | MoreToCome)) != 0)
            throw new InvalidDataException($"The flags {flags & RequiredFlags} are not known.");
        var end = body.Length - ((flags & ChecksumPresent) != 0 ? sizeof(int) : 0);
        BsonDocument? command = null;
        var arguments = new List<BsonElement>();
        for (var at = sizeof(int); at < end;)
        {
            var kind = body[at++];
            if (kind == 0)
                command = Document(body, ref at);
            else
                arguments.Add(Sequence(body, ref at));
        }

        return command is null ? throw new InvalidDataException("A message has no command.")
            : new WireMessage(id, command.AddRange(arguments), IsLegacy: false, WantsAnswer: (flags & MoreToCome) == 0);
    }

    private static BsonElement Sequence(byte[] body, ref int at)
    {
        var end = at + Number(body, at);
        var nameAt = at + sizeof(int);
        var nameEnd = Array.IndexOf(body, (byte)0, nameAt);
        at = nameEnd + 1;
        var documents = new BsonArray();
        while (at < end)
            documents.Add(Document(body, ref at));
        return new BsonElement(Encoding.UTF8.GetString(body, nameAt, nameEnd - nameAt), documents);
    }

    // Flags, the collection's name, two numbers, the command.
    private static WireMessage ReadQuery(int id, byte[] body)
    {
        var nameEnd = Array.IndexOf(body, (byte)0, sizeof(int));
        var database = Encoding.UTF8.GetString(body, sizeof(int), nameEnd - sizeof(int)).Split('.')[0];
        var at = nameEnd + 1 + 2 * sizeof(int);
        return new WireMessage(id, Document(body, ref at).Set("$db", database), IsLegacy: true, WantsAnswer: true);
    }

    private static BsonDocument Document(byte[] body, ref int at)
    {
        using var bytes = new MemoryStream(body, at, Number(body, at), writable: false);
        at += (int)bytes.Length;
        return BsonSerializer.Deserialize<BsonDocument>(bytes);
    }

    private static int Number(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
}
