using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Takes webhooks, and knows which events came.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, int> _events = new();

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
        var e = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
        _events.AddOrUpdate(e.GetProperty("id").GetGuid(), 1, (_, count) => count + 1);
    }
}
