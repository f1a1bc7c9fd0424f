using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using ImageAspire.Dashboard;
using ImageAspire.Dashboard.Resources;
using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Tests.Dashboard.Otlp;

/// <summary>A dashboard of a test, on free ports, and a sender that has its key.</summary>
internal sealed class OtlpDashboard : IAsyncDisposable
{
    public const string OtlpKey = "a-key-for-senders-of-telemetry";
    public const string ApiKey = "a-key-for-readers-of-telemetry";
    public const string Token = "a-token-for-the-pages-of-the-dashboard";

    private OtlpDashboard(DashboardHost host) => Host = host;

    public DashboardHost Host { get; }

    public TelemetryStore Store => Host.Telemetry;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    public static async Task<OtlpDashboard> StartAsync(Action<DashboardOptions>? configure = null)
    {
        var options = new DashboardOptions { Port = 0, OtlpPort = 0, ApiKeySha256 = Hash(ApiKey), OtlpKeySha256 = Hash(OtlpKey), SignInTokenSha256 = Hash(Token) };
        configure?.Invoke(options);
        return new OtlpDashboard(await DashboardHost.StartAsync(
            options, new ResourceBoard(), new ConsoleLog(TimeProvider.System), new NoCommands(), CancellationToken.None));
    }

    public static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public async Task SendAsync(IMessage request)
    {
        var path = request switch
        {
            OtlpWire.TracesRequest => "/v1/traces",
            OtlpWire.LogsRequest => "/v1/logs",
            _ => "/v1/metrics",
        };
        using var response = await PostAsync(path, request.ToByteArray());
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty("everything was taken");
    }

    public async Task<HttpResponseMessage> PostAsync(
        string path, byte[] body, bool gzip = false, string? key = OtlpKey, string type = "application/x-protobuf", string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Host.OtlpEndpoint, path));
        request.Content = new ByteArrayContent(gzip ? Gzip(body) : body);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (gzip || encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding ?? "gzip");
        if (key is not null)
            request.Headers.Add("x-otlp-api-key", key);
        return await Client.SendAsync(request);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? key = ApiKey, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Host.Address, path));
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return target.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }

    private sealed class NoCommands : IResourceCommands
    {
        public Task StartAsync(string resource, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(string resource, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RestartAsync(string resource, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
