using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Tests.Contracts;

/// <summary>Deliveries: one for each event and webhook, claimed by one sender, tried again, listed.</summary>
public abstract partial class WebhookStoreContract
{
    [Fact]
    public async Task Enqueue_SameEventAgain_IsOneDeliveryForEachWebhook()
    {
        var (webhooks, _) = Open();
        var (first, second) = (await AddAsync(webhooks), await AddAsync(webhooks));
        IWebhookDeliveries[] stores = [Open().Deliveries, Open().Deliveries];
        var e = Event();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => stores[i % 2].EnqueueAsync([Delivery(first, e), Delivery(second, e)], None))));

        foreach (var webhook in (Webhook[])[first, second])
        {
            var one = (await stores[0].ListAsync(webhook.Id, 10, null, None)).Items.ShouldHaveSingleItem();
            (one.EventId, one.Type, one.ImageId, one.State, one.Tries, one.NextAttemptAt)
                .ShouldBe((e.Id, e.Type, e.ImageId, DeliveryState.Pending, 0, Clock.GetUtcNow()));
            one.Body.ShouldBe(Delivery(webhook, e).Body);
            one.TraceParent.ShouldBe(e.TraceParent);
        }
    }

    [Fact]
    public async Task Enqueue_SomeAreThere_TheOthersAreAdded()
    {
        var (webhooks, deliveries) = Open();
        var (first, second) = (await AddAsync(webhooks), await AddAsync(webhooks));
        var e = Event();
        await deliveries.EnqueueAsync([Delivery(first, e)], None);

        await deliveries.EnqueueAsync([Delivery(first, e), Delivery(second, e)], None);

        (await deliveries.ListAsync(second.Id, 10, null, None)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Claim_SeveralSenders_EachDeliveryIsOneSenders()
    {
        var webhook = await AddAsync(Open().Webhooks);
        IWebhookDeliveries[] senders = [Open().Deliveries, Open().Deliveries, Open().Deliveries];
        for (var i = 0; i < 30; i++)
            await senders[0].EnqueueAsync([Delivery(webhook)], None);

        var claims = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => senders[i % 3].ClaimAsync(webhook.Id, 4, Lease, None))));

        var claimed = claims.SelectMany(some => some).Select(claim => claim.Delivery.Id).ToList();
        claimed.Count.ShouldBe(30);
        claimed.ShouldBeUnique();
        claims.ShouldAllBe(some => some.Count <= 4);
    }

    [Fact]
    public async Task Claim_NotDue_IsNothing()
    {
        var (webhooks, deliveries) = Open();
        var webhook = await AddAsync(webhooks);
        await deliveries.EnqueueAsync([Delivery(webhook)], None);
        var claim = (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldHaveSingleItem();
        (await deliveries.RecordAsync(claim, Attempt(1, 500), DeliveryState.Pending, TimeSpan.FromMinutes(5), None)).ShouldBeTrue();

        Clock.Advance(TimeSpan.FromMinutes(4));
        (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldBeEmpty();
        Clock.Advance(TimeSpan.FromMinutes(1));
        var again = (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldHaveSingleItem();

        again.Delivery.Tries.ShouldBe(1);
        again.Delivery.Attempts.ShouldHaveSingleItem().ShouldBe(Attempt(1, 500));
    }

    [Fact]
    public async Task Claim_MoreAreDueThanWanted_TakesThoseThatWereDueFirst()
    {
        var (webhooks, deliveries) = Open();
        var webhook = await AddAsync(webhooks);
        await deliveries.EnqueueAsync([Delivery(webhook)], None);
        var retried = (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldHaveSingleItem();
        await deliveries.RecordAsync(retried, Attempt(1, 500), DeliveryState.Pending, TimeSpan.FromMinutes(10), None);
        Clock.Advance(TimeSpan.FromMinutes(5));
        var later = Delivery(webhook);
        await deliveries.EnqueueAsync([later], None);
        Clock.Advance(TimeSpan.FromMinutes(6));

        (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldHaveSingleItem().Delivery.Id.ShouldBe(later.Id);
        (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldHaveSingleItem().Delivery.Id.ShouldBe(retried.Delivery.Id);
    }

    [Fact]
    public async Task Claim_SenderDied_IsDueAgainAfterItsLease()
    {
        var (webhooks, deliveries) = Open();
        var webhook = await AddAsync(webhooks);
        await deliveries.EnqueueAsync([Delivery(webhook)], None);
        var dead = (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldHaveSingleItem();

        (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldBeEmpty();
        Clock.Advance(Lease);
        var next = (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldHaveSingleItem();

        next.Lease.ShouldNotBe(dead.Lease);
        (await deliveries.RecordAsync(dead, Attempt(1, 500), DeliveryState.Failed, null, None)).ShouldBeFalse();
        (await deliveries.RecordAsync(next, Attempt(1, 204), DeliveryState.Delivered, null, None)).ShouldBeTrue();
        var one = (await deliveries.ListAsync(webhook.Id, 10, null, None)).Items.ShouldHaveSingleItem();
        (one.State, one.NextAttemptAt).ShouldBe((DeliveryState.Delivered, null));
        one.Attempts.ShouldHaveSingleItem().Status.ShouldBe(204);
    }

    [Fact]
    public async Task Record_ManyTries_TheLastOnesAreKeptAsTheyWere()
    {
        var (webhooks, deliveries) = Open();
        var webhook = await AddAsync(webhooks);
        await deliveries.EnqueueAsync([Delivery(webhook)], None);
        var attempts = Enumerable.Range(1, WebhookDelivery.MostAttempts + 3).Select(number => Attempt(number, number % 2 == 0 ? 500 : null) with
        {
            Error = number % 2 == 0 ? null : DeliveryErrors.Timeout, Detail = "No answer\u0000 <b>within</b> 10 s.", Answer = "ä\n😀",
        }).ToList();
        foreach (var attempt in attempts)
        {
            var claim = (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldHaveSingleItem();
            await deliveries.RecordAsync(claim, attempt, DeliveryState.Pending, TimeSpan.Zero, None);
        }

        var one = (await deliveries.ListAsync(webhook.Id, 10, null, None)).Items.ShouldHaveSingleItem();

        one.Attempts.ShouldBe(attempts.TakeLast(WebhookDelivery.MostAttempts));
        one.Tries.ShouldBe(attempts.Count);
    }

    [Fact]
    public async Task Requeue_AtItsEnd_HasAllTriesAgain()
    {
        var (webhooks, deliveries) = Open();
        var webhook = await AddAsync(webhooks);
        await deliveries.EnqueueAsync([Delivery(webhook)], None);
        var claim = (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None))[0];
        await deliveries.RecordAsync(claim, Attempt(8, 500), DeliveryState.Failed, null, None);
        (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldBeEmpty();

        (await deliveries.RequeueAsync(webhook.Id, claim.Delivery.Id, None)).ShouldBeTrue();

        var again = (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldHaveSingleItem().Delivery;
        (again.Id, again.State, again.Tries, again.Attempts.Count).ShouldBe((claim.Delivery.Id, DeliveryState.Pending, 0, 1));
        (await deliveries.RequeueAsync(webhook.Id, Guid.NewGuid(), None)).ShouldBeFalse();
        (await deliveries.RequeueAsync(Guid.NewGuid(), claim.Delivery.Id, None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Requeue_WhileItIsSent_LeavesItToItsSender()
    {
        var (webhooks, deliveries) = Open();
        var webhook = await AddAsync(webhooks);
        await deliveries.EnqueueAsync([Delivery(webhook)], None);
        var claim = (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None))[0];

        (await deliveries.RequeueAsync(webhook.Id, claim.Delivery.Id, None)).ShouldBeTrue();

        (await deliveries.ClaimAsync(webhook.Id, 1, Lease, None)).ShouldBeEmpty();
        (await deliveries.RecordAsync(claim, Attempt(1, 200), DeliveryState.Delivered, null, None)).ShouldBeTrue();
    }

    [Fact]
    public async Task List_Pages_LeaveNothingOutAndRepeatNothing()
    {
        var (webhooks, deliveries) = Open();
        var (webhook, other) = (await AddAsync(webhooks), await AddAsync(webhooks));
        List<Guid> made = [];
        for (var i = 0; i < 23; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            var one = Delivery(webhook);
            made.Insert(0, one.Id);
            await deliveries.EnqueueAsync([one, Delivery(other)], None);
        }

        List<Guid> listed = [];
        string? cursor = null;
        do
        {
            var page = await deliveries.ListAsync(webhook.Id, 5, cursor, None);
            listed.AddRange(page.Items.Select(one => one.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        listed.ShouldBe(made);
        var next = (await deliveries.ListAsync(webhook.Id, 5, null, None)).Next;
        await Should.ThrowAsync<InvalidCursorException>(() => deliveries.ListAsync(other.Id, 5, next, None));
        await Should.ThrowAsync<InvalidCursorException>(() => deliveries.ListAsync(webhook.Id, 5, "nonsense", None));
    }

    private static DeliveryAttempt Attempt(int number, int? status) => new() { Number = number, At = Samples.Noon, DurationMs = 12, Status = status };
}
