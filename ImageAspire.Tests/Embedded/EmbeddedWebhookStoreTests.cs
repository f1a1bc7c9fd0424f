using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Webhooks;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedWebhookStoreTests : WebhookStoreContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];

    [Fact]
    public async Task Enqueue_LongAfterADelivery_TheOldOneIsForgotten()
    {
        var (webhooks, deliveries) = Open();
        var webhook = await AddAsync(webhooks);
        var (old, waiting) = (Delivery(webhook), Delivery(webhook));
        await deliveries.EnqueueAsync([old, waiting], CancellationToken.None);
        var claims = await deliveries.ClaimAsync(webhook.Id, 2, TimeSpan.FromDays(1), CancellationToken.None);
        await deliveries.RecordAsync(claims.Single(claim => claim.Delivery.Id == old.Id),
            new DeliveryAttempt { Number = 1, At = Clock.GetUtcNow(), DurationMs = 1, Status = 200 }, DeliveryState.Delivered, null, CancellationToken.None);

        Clock.Advance(WebhookDelivery.Remembered + TimeSpan.FromSeconds(1));
        var fresh = Delivery(webhook);
        await deliveries.EnqueueAsync([fresh], CancellationToken.None);

        (await deliveries.ListAsync(webhook.Id, 10, null, CancellationToken.None)).Items.Select(one => one.Id).ShouldBe([fresh.Id, waiting.Id]);
    }

    [Fact]
    public void Open_TheFile_IsForThisUserAlone()
    {
        Open();
        foreach (var file in Directory.GetFiles(_folder.Root, "webhooks.db*"))
        {
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    protected override (IWebhookStore Webhooks, IWebhookDeliveries Deliveries) Open()
    {
        _databases.Add(WebhookSchema.Open(_folder.Data));
        return (new EmbeddedWebhookStore(_databases[^1]), new EmbeddedWebhookDeliveries(_databases[^1], Clock));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        _folder.Dispose();
    }
}
