using ImageAspire.Core.Events;
using ImageAspire.Core.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Tests.Worker;

/// <summary>Receivers that fail, hang, redirect or are gone.</summary>
public sealed class WebhookSenderFaultTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Send_500ForEver_IsTriedEightTimesGivenUpAndLogged()
    {
        _receiver.Answer = context => Answer(context, 500, "broken\u0001 " + new string('ä', 2000));
        await using var host = await WebhookHost.StartAsync(_folder.Root);
        var webhook = await host.AddAsync(_receiver.Url());

        await host.NotifyAsync();
        var delivery = await host.EndAsync(webhook);

        (delivery.State, delivery.NextAttemptAt).ShouldBe((DeliveryState.Failed, null));
        delivery.Attempts.Select(one => one.Number).ShouldBe(Enumerable.Range(1, 8));
        delivery.Attempts.ShouldAllBe(one => one.Status == 500 && one.Answer!.StartsWith("broken\ufffd ää") && one.Answer.Length == 516); // of 1,024 bytes
        delivery.Attempts.Select(one => one.At).ShouldBeInOrder();
        _receiver.Requests.Count.ShouldBe(8);
        _receiver.Requests.ShouldAllBe(request => request.Id == delivery.Id.ToString() && request.IsSignedWith(webhook.Secret));
        (await host.Webhooks.GetAsync(webhook.Id, CancellationToken.None))!.Enabled.ShouldBeTrue();
    }

    [Fact]
    public async Task Send_FailsAtFirst_IsDeliveredByALaterTry()
    {
        _receiver.Answer = context => Answer(context, _receiver.Requests.Count < 3 ? 503 : 204);
        await using var host = await WebhookHost.StartAsync(_folder.Root);
        var webhook = await host.AddAsync(_receiver.Url());

        await host.NotifyAsync();

        (await host.EndAsync(webhook)).ShouldSatisfyAllConditions(
            one => one.State.ShouldBe(DeliveryState.Delivered), one => one.Attempts.Select(attempt => attempt.Status).ShouldBe([503, 503, 204]));
    }

    [Fact]
    public async Task Send_ReceiverHangs_TimesOutAndDelaysNoOther()
    {
        var released = new TaskCompletionSource();
        _receiver.Answer = context => context.Request.Path == "/hangs" ? released.Task.WaitAsync(context.RequestAborted) : Task.CompletedTask;
        await using var host = await WebhookHost.StartAsync(_folder.Root, ("Timeout", "00:00:02"), ("Tries", "1"), ("Concurrency", "5"));
        var (hangs, works) = (await host.AddAsync(_receiver.Url("/hangs"), ImageEventTypes.Failed), await host.AddAsync(_receiver.Url("/works"), ImageEventTypes.Analyzed));

        for (var i = 0; i < 20; i++)
            await host.NotifyAsync(ImageEventTypes.Failed);
        for (var i = 0; i < 20; i++)
            await host.NotifyAsync(ImageEventTypes.Analyzed);
        await Eventually.TrueAsync(async () => (await host.LogAsync(works)).Count(one => one.State == DeliveryState.Delivered) == 20);

        (await host.LogAsync(hangs)).ShouldContain(one => one.State == DeliveryState.Pending); // four, then one at a time
        await Eventually.TrueAsync(async () => (await host.LogAsync(hangs)).Any(one => one.State == DeliveryState.Failed));
        (await host.LogAsync(hangs)).SelectMany(one => one.Attempts).ShouldAllBe(one => one.Error == DeliveryErrors.Timeout && one.Status == null && one.DurationMs >= 1900);
        released.SetResult();
    }

    [Fact]
    public async Task Send_Redirect_IsNotFollowed()
    {
        _receiver.Answer = context =>
        {
            if (context.Request.Path == "/hook")
                context.Response.Redirect(_receiver.Url("/elsewhere"));
            return Task.CompletedTask;
        };
        await using var host = await WebhookHost.StartAsync(_folder.Root, ("Tries", "2"));
        var webhook = await host.AddAsync(_receiver.Url());

        await host.NotifyAsync();
        var delivery = await host.EndAsync(webhook);

        delivery.State.ShouldBe(DeliveryState.Failed);
        delivery.Attempts.Select(one => (one.Status, one.Error)).ShouldBe([(302, DeliveryErrors.Redirect), (302, DeliveryErrors.Redirect)]);
        _receiver.Requests.Select(request => request.Path).ShouldBe(["/hook", "/hook"]);
    }

    [Fact]
    public async Task Send_410_DisablesTheWebhookAndWhatWaitsIsNotSent()
    {
        _receiver.Answer = context => Answer(context, 410);
        await using var host = await WebhookHost.StartAsync(_folder.Root, ("ConcurrencyPerWebhook", "1"));
        var webhook = await host.AddAsync(_receiver.Url());
        var events = Enumerable.Range(0, 3).Select(_ => WebhookDeliveries.Of(Samples.Event(ImageEventTypes.Failed, Samples.Image()), webhook, Samples.Noon)).ToList();

        await host.Deliveries.EnqueueAsync(events, CancellationToken.None);
        await Eventually.TrueAsync(async () => (await host.LogAsync(webhook)).All(one => one.State == DeliveryState.Failed));

        _receiver.Requests.Count.ShouldBe(1);
        (await host.LogAsync(webhook)).Select(one => one.Attempts.Single()).Select(one => one.Error ?? $"{one.Status}")
            .ShouldBe(["410", DeliveryErrors.Disabled, DeliveryErrors.Disabled], ignoreOrder: true);
        (await host.Webhooks.GetAsync(webhook.Id, CancellationToken.None))!.ShouldSatisfyAllConditions(
            one => one.Enabled.ShouldBeFalse(), one => one.DisabledReason.ShouldNotBeNull().ShouldContain("410"));
        await host.NotifyAsync();
        (await host.LogAsync(webhook)).Count.ShouldBe(3);
    }

    private static Task Answer(HttpContext context, int status, string body = "")
    {
        context.Response.StatusCode = status;
        return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body);
    }
}
