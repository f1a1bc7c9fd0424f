using System.Collections.Concurrent;
using ImageAspire.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Receives webhooks and remembers their events.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, bool> _events = new();

    private WebhookSink(WebApplication app) => _app = app;

    public string Url => new Uri(new Uri(_app.Urls.First()), "/hook").ToString();

    public bool Has(Guid eventId) => _events.ContainsKey(eventId);

    public static async Task<WebhookSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var sink = new WebhookSink(app);
        app.Run(sink.TakeAsync);
        await app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _events.TryAdd(Responses.Read<CloudEventDto<EventDataDto>>(await reader.ReadToEndAsync()).Id, true);
    }
}
