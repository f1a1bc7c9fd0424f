using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace ImageAspire.Tests.Emulators;

/// <summary>Messages without the driver, which would add to them or refuse to send them.</summary>
internal static class RawMongo
{
    /// <summary>Sends a command to a database, as OP_MSG.</summary>
    public static async Task<BsonDocument> SendAsync(IMongoDatabase database, BsonDocument command)
    {
        var server = database.Client.Settings.Server;
        return await SendAsync(server.Port, Message(new BsonDocument(command).Add("$db", database.DatabaseNamespace.DatabaseName)))
            ?? throw new InvalidOperationException("The connection was closed.");
    }

    /// <summary>Sends bytes; the answer, or null when the connection was closed instead.</summary>
    public static async Task<BsonDocument?> SendAsync(int port, byte[] message)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(message);
            var header = new byte[16];
            if (await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false) < header.Length)
                return null;
            var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - header.Length];
            await stream.ReadExactlyAsync(body);
            var isReply = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) == 1;
            return BsonSerializer.Deserialize<BsonDocument>(body[(isReply ? 20 : 5)..]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A command as OP_MSG.</summary>
    public static byte[] Message(BsonDocument command, int flags = 0)
    {
        var bson = command.ToBson();
        var message = Header(21 + bson.Length, 2013);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(16), flags);
        bson.CopyTo(message, 21);
        return message;
    }

    /// <summary>A command as OP_QUERY.</summary>
    public static byte[] Query(string ns, BsonDocument command)
    {
        var bson = command.ToBson();
        var name = System.Text.Encoding.UTF8.GetBytes(ns + "\0");
        var message = Header(16 + 4 + name.Length + 8 + bson.Length, 2004);
        name.CopyTo(message, 20);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(20 + name.Length + 4), -1);
        bson.CopyTo(message, 28 + name.Length);
        return message;
    }

    /// <summary>A message of a length, with its header alone.</summary>
    public static byte[] Header(int length, int operation, int? claimed = null)
    {
        var message = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(message, claimed ?? length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), operation);
        return message;
    }
}
