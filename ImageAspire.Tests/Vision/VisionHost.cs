using System.Net.Http.Headers;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Api;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ImageAspire.Tests.Vision;

/// <summary>The real vision service on a real port, with real decoder processes and, unless a test has another one, an analysis that only decodes.</summary>
internal sealed class VisionHost : IAsyncDisposable
{
    public const string Key = "a-key-for-tests";
    public const string Everything = "tags,objects,people,caption,smartCrops,read";
    private readonly Factory _factory;

    private VisionHost(Factory factory)
    {
        _factory = factory;
        _factory.UseKestrel(); // the port is in the settings
        _factory.StartServer();
        Client = new HttpClient { BaseAddress = _factory.ClientOptions.BaseAddress, Timeout = TimeSpan.FromMinutes(2) };
        Client.DefaultRequestHeaders.Add(VisionKey.Header, Key);
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _factory.Services;

    public AnalysisQueue Queue => Services.GetRequiredService<AnalysisQueue>();

    /// <summary>Starts it, and waits until it is ready.</summary>
    public static async Task<VisionHost> StartAsync(IImageAnalysis? analysis = null, Action<IServiceCollection>? parts = null, params (string Key, string Value)[] settings)
    {
        var host = Launch(analysis, parts, settings);
        await Eventually.TrueAsync(async () => (await host.Client.GetAsync("/health")).IsSuccessStatusCode);
        return host;
    }

    /// <summary>Starts it, and waits for nothing.</summary>
    public static VisionHost Launch(IImageAnalysis? analysis = null, Action<IServiceCollection>? parts = null, params (string Key, string Value)[] settings) => new(new Factory(services =>
    {
        if (analysis is null)
            services.Replace(ServiceDescriptor.Singleton<IImageAnalysis, DecodingAnalysis>());
        else
            services.Replace(ServiceDescriptor.Singleton(analysis));
        parts?.Invoke(services);
    }, settings));

    /// <summary>Asks for features of an image.</summary>
    public Task<HttpResponseMessage> AnalyzeAsync(byte[] image, string features = "tags", CancellationToken cancellationToken = default) =>
        AnalyzeAsync(new ByteArrayContent(image), $"api-version=2023-10-01&features={features}", cancellationToken: cancellationToken);

    /// <summary>The same with any body and query.</summary>
    public Task<HttpResponseMessage> AnalyzeAsync(HttpContent body, string query, string type = "application/octet-stream", CancellationToken cancellationToken = default)
    {
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return Client.PostAsync($"/computervision/imageanalysis:analyze?{query}", body, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
    }

    private sealed class Factory(Action<IServiceCollection> parts, (string Key, string Value)[] settings) : WebApplicationFactory<VisionOptions>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseUrls("http://127.0.0.1:0");
            builder.UseSetting("Vision:Key", Key);
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
            builder.ConfigureTestServices(parts);
        }
    }
}
