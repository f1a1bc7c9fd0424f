using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;
using ImageAspire.Embedded;
using ImageAspire.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Worker;

/// <summary>Stage and sender of one worker on a real store; tries follow each other quickly.</summary>
internal sealed class WebhookHost : IAsyncDisposable
{
    private readonly IHost _host;

    private WebhookHost(IHost host) => _host = host;

    public IWebhookStore Webhooks => _host.Services.GetRequiredService<IWebhookStore>();

    public IWebhookDeliveries Deliveries => _host.Services.GetRequiredService<IWebhookDeliveries>();

    public static async Task<WebhookHost> StartAsync(string folder, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        foreach (var (key, value) in ((string, string)[])
            [("RetryWindow", "00:00:00.200"), ("Poll", "00:00:00.010"), .. settings])
        {
            builder.Configuration[$"Webhooks:{key}"] = value;
        }

        builder.Configuration["Webhooks:AllowPrivateAddresses"] = "true";
        builder.Services.AddEmbeddedBackend(options => options.DataFolder = folder);
        builder.Services.AddWebhookSender(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        return new WebhookHost(host);
    }

    public async Task<Webhook> AddAsync(string url, params string[] types)
    {
        var webhook = new Webhook
        {
            Id = Guid.CreateVersion7(), Version = 1, Url = url, Types = types.Length == 0 ? Webhook.AllTypes : types, Enabled = true,
            Secret = WebhookSignature.NewSecret(), CreatedAt = Samples.Noon, CreatedBy = "tester",
        };
        (await Webhooks.AddAsync(webhook, CancellationToken.None)).ShouldBeTrue();
        return webhook;
    }

    /// <summary>The stage's work on one message.</summary>
    public Task NotifyAsync(ImageEvent e) =>
        ActivatorUtilities.CreateInstance<NotifySubscribers>(_host.Services).ExecuteAsync(e, CancellationToken.None);

    /// <summary>Notifies of a new event of this type.</summary>
    public async Task<ImageEvent> NotifyAsync(string type = ImageEventTypes.Analyzed)
    {
        var e = Samples.Event(type, Samples.Image());
        await NotifyAsync(e);
        return e;
    }

    public async Task<IReadOnlyList<WebhookDelivery>> LogAsync(Webhook webhook) =>
        (await Deliveries.ListAsync(webhook.Id, 200, null, CancellationToken.None)).Items;

    /// <summary>The only delivery of a webhook, at its end.</summary>
    public async Task<WebhookDelivery> EndAsync(Webhook webhook)
    {
        await Eventually.TrueAsync(async () => await LogAsync(webhook) is [{ State: not DeliveryState.Pending }]);
        return (await LogAsync(webhook))[0];
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
