using System.Net;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>Test events, the log of deliveries, and delivering again.</summary>
public sealed partial class WebhooksTests
{
    [Fact]
    public async Task Test_Webhook_EnqueuesAnEventOfItsOwn()
    {
        var id = Id(await CreateAsync());

        using var answer = await _host.Client.PostAsync($"{Path}/{id}/test", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var delivery = (await DeliveriesAsync(id)).ShouldHaveSingleItem();
        delivery.Id.ShouldBe((await answer.ReadAsync<WebhookTestDto>()).DeliveryId);
        (delivery.Type, delivery.State).ShouldBe(("webhook.test", "pending"));
        var stored = (await Deliveries.ListAsync(id, 1, null, None)).Items[0];
        Responses.Read<CloudEventDto<WebhookTestDataDto>>(stored.Body).ShouldSatisfyAllConditions(
            e => e.SpecVersion.ShouldBe("1.0"), e => e.Id.ShouldBe(stored.EventId),
            e => e.Type.ShouldBe("webhook.test"), e => e.Subject.ShouldBe($"{id}"),
            e => e.Data.Actor.ShouldBe("all"));
    }

    [Fact]
    public async Task Deliveries_AfterATry_TellWhatWasAnswered()
    {
        var id = Id(await CreateAsync());
        await FailAsync(id);

        var delivery = (await DeliveriesAsync(id)).ShouldHaveSingleItem();

        delivery.State.ShouldBe("failed");
        delivery.NextAttemptAt.ShouldBeNull();
        var attempt = delivery.Attempts.ShouldHaveSingleItem();
        (attempt.Number, attempt.Status, attempt.DurationMs, attempt.Answer)
            .ShouldBe((8, 500, 12, "<b>broken</b>"));
    }

    [Fact]
    public async Task List_AfterATry_SaysWhatCameOfTheLast()
    {
        var id = Id(await CreateAsync());
        (await _host.Client.GetItemsAsync<WebhookDto>(Path)).ShouldHaveSingleItem().Last.ShouldBeNull();
        await FailAsync(id);
        (await _host.Client.PostAsync($"{Path}/{id}/test", null)).Dispose(); // newer, and not yet tried

        var last = (await _host.Client.GetItemsAsync<WebhookDto>(Path)).ShouldHaveSingleItem().Last.ShouldNotBeNull();

        (last.Type, last.State, last.Status, last.Error, last.NextAttemptAt).ShouldBe(("webhook.test", "failed", 500, null, null));
    }

    [Fact]
    public async Task Deliveries_Pages_AreFollowedByCursor()
    {
        var id = Id(await CreateAsync());
        for (var i = 0; i < 5; i++)
            (await _host.Client.PostAsync($"{Path}/{id}/test", null)).Dispose();

        var first = await _host.Client.GetAsync<PageDto<DeliveryDto>>($"{Path}/{id}/deliveries?limit=3");
        var rest = await _host.Client.GetAsync<PageDto<DeliveryDto>>($"{Path}/{id}/deliveries?limit=3&cursor={first.Next}");

        first.Items.Concat(rest.Items).Select(one => one.Id).Distinct().Count().ShouldBe(5);
        rest.Next.ShouldBeNull();
        await _host.Client.GetAsync($"{Path}/{id}/deliveries?limit=0").ShouldBeProblemAsync(400, "invalid-limit");
        await _host.Client.GetAsync($"{Path}/{id}/deliveries?cursor=abc").ShouldBeProblemAsync(400, "invalid-cursor");
    }

    [Fact]
    public async Task Redeliver_GivenUp_IsPendingAgain()
    {
        var id = Id(await CreateAsync());
        var delivery = await FailAsync(id);

        using var answer = await _host.Client.PostAsync($"{Path}/{id}/deliveries/{delivery}/redeliver", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await DeliveriesAsync(id))[0].State.ShouldBe("pending");
        await _host.Client.PostAsync($"{Path}/{id}/deliveries/{Guid.NewGuid()}/redeliver", null).ShouldBeProblemAsync(404, "not-found");
        var other = Id(await CreateAsync("https://example.com/other"));
        await _host.Client.PostAsync($"{Path}/{other}/deliveries/{delivery}/redeliver", null).ShouldBeProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Disabled_TestAndRedeliver_SayWhatToDo()
    {
        var id = Id(await CreateAsync());
        var delivery = await FailAsync(id);
        await PatchAsync(id, """{ "enabled": false }""");

        await _host.Client.PostAsync($"{Path}/{id}/test", null).ShouldBeProblemAsync(409, "webhook-disabled");
        await _host.Client.PostAsync($"{Path}/{id}/deliveries/{delivery}/redeliver", null).ShouldBeProblemAsync(409, "webhook-disabled");
    }

    private Task<IReadOnlyList<DeliveryDto>> DeliveriesAsync(Guid id) => _host.Client.GetItemsAsync<DeliveryDto>($"{Path}/{id}/deliveries");
}
