using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ImageAspire.Tests.Fuzz;

/// <summary>Requests that no HTTP client would send: damaged lines, headers, chunks and ends, written to a socket.</summary>
internal static class RawRequests
{
    private static readonly string[] Targets = ["/api/images", "/api/keys", "/api/images?limit=%", "/api//images", "/api/images/%2e%2e/keys", "*", "http://other.example/api/images", "/api/images#x", "//", "/\0", "/api/images HTTP/1.1\r\nX: y", "/signin?token=x", "/operations/", "/openapi/v1.json"];
    private static readonly string[] Methods = ["GET", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PRI", "get", "G\0T", ""];
    private static readonly string[] ChunkSizes = ["5", "0", "-1", "0x5", "FFFFFFFF", "7FFFFFFF", "80000000", "7FFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFF", "10000000000000005", "5;x=y", "5 ", " 5", "g", "", "00000000000000000000000000005"];
    private static readonly string[] Lengths = ["5", "0", "-1", "+5", "5, 5", "5, 6", "9223372036854775807", "9223372036854775808", "0x5", "", " "];
    private static readonly string[] Lines = ["X-Y: \0", "X-Y\t: a", ": a", "X-Y", " X-Y: a", "X-Y: a\r\n b", "Host: other", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked", "Connection: Upgrade\r\nUpgrade: h2c", "Expect: 100-continue", "Expect: x", "X-API-Key: twice", "Cookie: a=b; a=c; =; ;;"];

    /// <summary>A request, complete or not.</summary>
    public static byte[] Next(Uri address, string key, Random random)
    {
        var text = new StringBuilder();
        var (method, target) = random.Next(2) == 0 ? ("POST", "/api/images") : (Methods[random.Next(Methods.Length)], Targets[random.Next(Targets.Length)]);
        text.Append(CultureInfo.InvariantCulture, $"{method} {target} HTTP/1.{(random.Next(12) == 0 ? "9" : "1")}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Host: {address.Authority}\r\nX-API-Key: {key}\r\nContent-Type: {(random.Next(2) == 0 ? "image/jpeg" : "application/json")}\r\n");
        for (var i = random.Next(3); i > 0; i--)
            text.Append(Lines[random.Next(Lines.Length)]).Append("\r\n");
        if (random.Next(20) == 0)
            text.Append("X-Long: ").Append('a', random.Next(100_000)).Append("\r\n");
        if (random.Next(3) == 0)
            text.Append("Content-Length: ").Append(Lengths[random.Next(Lengths.Length)]).Append("\r\n\r\n").Append("{\"a\":1}");
        else
            text.Append("Transfer-Encoding: chunked\r\n\r\n5\r\n\u00ff\u00d8\u00ff\u00e0\0\r\n").Append(ChunkSizes[random.Next(ChunkSizes.Length)]).Append("\r\nabcde\r\n0\r\n\r\n");
        var bytes = Encoding.Latin1.GetBytes(text.ToString());
        if (random.Next(3) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
    }

    /// <summary>Sends a request and ends the sending side; the first line of the answer, empty when the connection was closed without one.</summary>
    public static async Task<string> SendAsync(Uri address, byte[] request, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        var stream = client.GetStream();
        var answer = new byte[512];
        var count = 0;
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            while (count < answer.Length && await stream.ReadAsync(answer.AsMemory(count), cancellationToken) is > 0 and var read)
                count += read;
        }
        catch (IOException)
        {
            // Closed while we wrote or read: a refusal too.
        }

        return Encoding.Latin1.GetString(answer, 0, count).Split('\r')[0];
    }
}
