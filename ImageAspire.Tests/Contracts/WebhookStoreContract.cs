using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IWebhookStore"/> and <see cref="IWebhookDeliveries"/> must do. One store per test; several instances on it.</summary>
public abstract partial class WebhookStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>The store's clock; it stands still until a test moves it.</summary>
    protected FakeTimeProvider Clock { get; } = new(Samples.Noon);

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract (IWebhookStore Webhooks, IWebhookDeliveries Deliveries) Open();

    [Fact]
    public async Task Add_Webhook_CanBeReadEverywhere()
    {
        var webhook = Hook("https://example.com/höks?a=1") with
        {
            Types = [ImageEventTypes.Failed], Enabled = false, DisabledReason = "Gone.", PreviousSecret = "whsec_b2xk", PreviousSecretUntil = Samples.Noon.AddHours(1),
        };

        (await Open().Webhooks.AddAsync(webhook, None)).ShouldBeTrue();

        var other = Open().Webhooks;
        var read = (await other.GetAsync(webhook.Id, None)).ShouldNotBeNull();
        read.Types.ShouldBe(webhook.Types);
        (read with { Types = webhook.Types }).ShouldBe(webhook);
        (await other.ListAsync(None)).ShouldHaveSingleItem().Id.ShouldBe(webhook.Id);
        (await other.GetAsync(Guid.NewGuid(), None)).ShouldBeNull();
    }

    [Fact]
    public async Task Add_MoreThanTheMost_IsRefused()
    {
        var store = Open().Webhooks;
        for (var i = 0; i < Webhook.Most; i++)
            (await store.AddAsync(Hook(second: i), None)).ShouldBeTrue();

        (await store.AddAsync(Hook(), None)).ShouldBeFalse();

        var all = await store.ListAsync(None);
        all.Count.ShouldBe(Webhook.Most);
        all.Select(one => one.CreatedAt).ShouldBeInOrder();
        (await store.DeleteAsync(all[0].Id, None)).ShouldBeTrue();
        (await store.AddAsync(Hook(), None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Replace_SameVersionTwice_OnlyTheFirstStands()
    {
        var (one, other) = (Open().Webhooks, Open().Webhooks);
        var webhook = Hook();
        await one.AddAsync(webhook, None);

        (await one.ReplaceAsync(webhook with { Version = 2, Url = "https://first.example/" }, None)).ShouldBeTrue();
        (await other.ReplaceAsync(webhook with { Version = 2, Url = "https://second.example/" }, None)).ShouldBeFalse();

        (await other.GetAsync(webhook.Id, None))!.Url.ShouldBe("https://first.example/");
    }

    [Fact]
    public async Task Change_ManyAtOnce_NoneIsLost()
    {
        var webhook = Hook("https://example.com/");
        await Open().Webhooks.AddAsync(webhook, None);
        IWebhookStore[] stores = [Open().Webhooks, Open().Webhooks];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            stores[i % 2].ChangeAsync(webhook.Id, one => one with { Version = one.Version + 1, Url = one.Url + "x" }, None))));

        (await stores[0].GetAsync(webhook.Id, None))!.ShouldSatisfyAllConditions(
            one => one.Version.ShouldBe(9), one => one.Url.ShouldBe("https://example.com/xxxxxxxx"));
    }

    [Fact]
    public async Task Delete_Webhook_TakesItsDeliveriesAlong()
    {
        var (webhooks, deliveries) = Open();
        var (gone, stays) = (await AddAsync(webhooks), await AddAsync(webhooks));
        await deliveries.EnqueueAsync([Delivery(gone), Delivery(stays)], None);

        (await webhooks.DeleteAsync(gone.Id, None)).ShouldBeTrue();

        (await webhooks.DeleteAsync(gone.Id, None)).ShouldBeFalse();
        (await webhooks.ReplaceAsync(gone with { Version = 2 }, None)).ShouldBeFalse();
        (await deliveries.ListAsync(gone.Id, 10, null, None)).Items.ShouldBeEmpty();
        (await deliveries.ClaimAsync(gone.Id, 10, Lease, None)).ShouldBeEmpty();
        (await deliveries.ListAsync(stays.Id, 10, null, None)).Items.Count.ShouldBe(1);
    }

    /// <summary>A webhook that wants everything.</summary>
    protected static Webhook Hook(string url = "https://example.com/hook", int second = 0) => new()
    {
        Id = Guid.CreateVersion7(Samples.Noon.AddSeconds(second)), Version = 1, Url = url, Types = Webhook.AllTypes, Enabled = true,
        Secret = WebhookSignature.NewSecret(), CreatedAt = Samples.Noon.AddSeconds(second), CreatedBy = "tester",
    };

    private protected static async Task<Webhook> AddAsync(IWebhookStore store)
    {
        var webhook = Hook();
        (await store.AddAsync(webhook, None)).ShouldBeTrue();
        return webhook;
    }

    private protected WebhookDelivery Delivery(Webhook webhook, ImageEvent? e = null) => WebhookDeliveries.Of(e ?? Event(), webhook, Clock.GetUtcNow());

    private static ImageEvent Event() => Samples.Event(ImageEventTypes.Analyzed, Samples.Image("Füße <b>.jpg")) with
    {
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };
}
