using System.Net.Sockets;
using System.Text;

namespace ImageAspire.Tests.Api;

/// <summary>Requests that no HTTP client would send.</summary>
internal static class RawHttp
{
    /// <summary>Sends a text as it is, and reads until the server closes the connection.</summary>
    public static async Task<string> SendAsync(ApiHost host, string request)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, patience.Token);
        await using var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // Closed while it was still being written to: what came until then counts.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }
}
