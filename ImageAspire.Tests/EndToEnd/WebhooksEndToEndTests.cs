using System.Net.Http.Json;
using ImageAspire.Core.Events;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Worker;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>A subscriber outside, called by real processes.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class WebhooksEndToEndTests(SharedApp shared)
{
    [Fact]
    public async Task Upload_ToAnalyzedToDeleted_SubscriberGetsEachEventOnce()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var app = shared.Running;
        var (webhook, secret) = await CreateAsync(app, receiver.Url());

        var ids = await app.UploadManyAsync(5, firstSeed: 4000);
        await app.AnalyzedAsync(ids);
        (await app.Client.DeleteAsync(new Uri($"/api/images/{ids[0]}", UriKind.Relative))).Dispose();

        await Eventually.TrueAsync(() => receiver.Requests.Count >= 6);
        await Eventually.TrueAsync(async () => (await StatesAsync(app, webhook)).Count(state => state == "delivered") == 6);
        receiver.Requests.ShouldAllBe(request => request.IsSignedWith(secret));
        var received = receiver.Requests.Select(request => CloudEvents.Read(request.Body)).Select(e => (e.Type, e.ImageId)).ToList();
        received.ShouldBe([.. ids.Select(id => (ImageEventTypes.Analyzed, id)), (ImageEventTypes.Deleted, ids[0])], ignoreOrder: true);
        (await app.Client.DeleteAsync(new Uri($"/api/webhooks/{webhook}", UriKind.Relative))).Dispose(); // other tests of this system are not its business
    }

    private static async Task<(Guid Id, string Secret)> CreateAsync(RunningApp app, string url)
    {
        using var answer = await app.Client.PostAsJsonAsync("/api/webhooks", new { url });
        var made = await answer.ReadAsync<WebhookDto>();
        return (made.Id, made.Secret!);
    }

    private static async Task<List<string?>> StatesAsync(RunningApp app, Guid webhook) =>
        [.. (await app.Client.GetItemsAsync<DeliveryDto>($"/api/webhooks/{webhook}/deliveries"))
            .Select(one => one.State)];
}
