using System.Net;
using System.Net.Sockets;

namespace ImageAspire.Vision.Api;

/// <summary>Fetches images from addresses of this machine, and from nowhere else: the service must not be a way into a network.</summary>
internal sealed class LocalImages : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectCallback = ConnectAsync, PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The bytes behind an address. Dispose of them when nothing reads them any more.</summary>
    /// <param name="address">As in the request.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ApiException">400: not an address of this machine, or there is no image behind it.</exception>
    public async Task<BodyBuffer> ReadAsync(string? address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || !Loopback.Contains(url.Host))
            throw new ApiException(ApiError.ImageUrl("The body must be { \"url\": … } with an http address on this machine; this service fetches nothing from elsewhere."));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!response.IsSuccessStatusCode) // as a redirect is not
                throw new HttpRequestException(null, null, response.StatusCode);
            await using var content = await response.Content.ReadAsStreamAsync(limit.Token);
            return await BodyBuffer.ReadAsync(content, ImageBodies.MaxBytes, ApiError.TooLarge, limit.Token);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new ApiException(ApiError.ImageUrl("The image url is not accessible."), error);
        }
    }

    public void Dispose() => _http.Dispose();

    // Whatever a resolver says of "localhost".
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var port = context.DnsEndPoint.Port;
        IPAddress[] addresses = IPAddress.TryParse(context.DnsEndPoint.Host, out var address) ? [address] : [IPAddress.Loopback, IPAddress.IPv6Loopback];
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[i], port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception error)
            {
                socket.Dispose();
                if (error is not SocketException || i == addresses.Length - 1)
                    throw;
            }
        }
    }
}
