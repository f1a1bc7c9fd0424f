using System.Net.Http.Headers;
using ImageAspire.Backends;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.ServiceDefaults;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.Http;
using ImageAspire.Worker;
using ImageAspire.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Tracing;

/// <summary>The real Api and the real Worker in this process, over one folder, and the spans that they would export.</summary>
internal sealed class TraceHost : IAsyncDisposable
{
    private readonly ApiHost _api;
    private readonly IHost _worker;
    private readonly HttpClient _client;

    private TraceHost(ApiHost api, IHost worker)
    {
        (_api, _worker) = (api, worker);
        // Its own requests are no part of the traces.
        _client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = api.Address };
        _client.DefaultRequestHeaders.Add("X-API-Key", ApiHost.AllKey);
    }

    public SpanCollector Spans { get; } = new();

    public HttpClient Client => _client;

    public IImageCatalog Catalog => _api.Catalog;

    private bool CanDecode => _worker.Services.GetRequiredService<IImageDecoder>().CanDecode;

    public static async Task<TraceHost> StartAsync(
        Action<IServiceCollection>? change = null, params (string Key, string Value)[] settings)
    {
        var api = new ApiHost();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Embedded:DataFolder"] = api.DataFolder;
        foreach (var (key, value) in ((string, string)[])[("Worker:BackoffBase", "00:00:00.010"), ("Worker:BackoffCap", "00:00:00.010"), ("Imaging:Isolation", "none"), .. settings])
            builder.Configuration[key] = value;
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.AddImageBackend();
        builder.Services.AddImaging(builder.Configuration);
        builder.Services.AddWebhookSender(builder.Configuration);
        builder.Services.AddPipeline(builder.Configuration);
        change?.Invoke(builder.Services);
        var host = new TraceHost(api, builder.Build());
        await host._worker.StartAsync();
        return host;
    }

    public static void UseAnalyzer(IServiceCollection services, IImageAnalyzer analyzer) =>
        services.Replace(ServiceDescriptor.Singleton(analyzer));

    /// <summary>Uploads and gives the answer's record.</summary>
    public async Task<ImageRecord> UploadAsync(byte[] file, string? traceParent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/images") { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        if (traceParent is not null)
            request.Headers.Add("traceparent", traceParent);
        using var answer = await _client.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        var id = (await answer.ReadAsync<ImageDto>()).Id;
        return (await Catalog.GetAsync(id, CancellationToken.None)).ShouldNotBeNull();
    }

    public async Task<ImageRecord> WaitAsync(Guid id, ImageStatus status)
    {
        await Eventually.TrueAsync(async () => (await Catalog.GetAsync(id, CancellationToken.None))?.Status == status);
        return (await Catalog.GetAsync(id, CancellationToken.None))!;
    }

    /// <summary>Waits until a trace is this tree, and says what it is when it does not become it.</summary>
    public async Task ShouldBecomeAsync(string traceId, string expected)
    {
        var tree = "";
        if (!CanDecode) // no libvips on this machine: no thumbnails
            expected = expected.Replace("                  write blob ×4\n", "", StringComparison.Ordinal);
        try
        {
            await Eventually.TrueAsync(() => (tree = SpanCollector.Tree(Spans.Of(traceId))) == expected);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected:\n{expected}\n\nActual:\n{tree}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync();
        _worker.Dispose();
        _client.Dispose();
        await _api.DisposeAsync();
        Spans.Dispose();
    }
}
