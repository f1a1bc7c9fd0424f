using System.Globalization;
using ImageAspire.Core.Events;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Tests.Worker;

/// <summary>Stage, store and sender against a real receiver.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime
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
    public async Task Notify_AnEventThatIsWanted_ArrivesSignedAsACloudEvent()
    {
        await using var host = await WebhookHost.StartAsync(_folder.Root);
        var webhook = await host.AddAsync(_receiver.Url("/a?b=c"), ImageEventTypes.Analyzed);
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        await host.NotifyAsync(ImageEventTypes.Rejected);
        var e = await host.NotifyAsync();
        var delivery = await host.EndAsync(webhook);

        var request = _receiver.Requests.ShouldHaveSingleItem();
        request.IsSignedWith(webhook.Secret).ShouldBeTrue();
        (request.Path, request.Id, request.ContentType).ShouldBe(("/a", delivery.Id.ToString(), "application/cloudevents+json"));
        request.Signature.Split(' ').Length.ShouldBe(1);
        long.Parse(request.Timestamp, CultureInfo.InvariantCulture).ShouldBeInRange(before, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        CloudEvents.Read(request.Body).ShouldSatisfyAllConditions(
            read => read.Id.ShouldBe(e.Id), read => read.Type.ShouldBe(e.Type), read => read.ImageId.ShouldBe(e.ImageId), read => read.Data.Name.ShouldBe(e.Data.Name));
        delivery.State.ShouldBe(DeliveryState.Delivered);
        delivery.Attempts.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            one => one.Status.ShouldBe(200), one => one.Number.ShouldBe(1), one => one.Error.ShouldBeNull(), one => one.Answer.ShouldBeNull());
    }

    [Fact]
    public async Task Notify_MessageComesTwice_OneDelivery()
    {
        await using var host = await WebhookHost.StartAsync(_folder.Root);
        var webhook = await host.AddAsync(_receiver.Url());

        var e = await host.NotifyAsync();
        await host.EndAsync(webhook);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.NotifyAsync(e)));
        var other = await host.NotifyAsync();
        await Eventually.TrueAsync(async () => (await host.LogAsync(webhook)).Count(one => one.State == DeliveryState.Delivered) == 2);

        (await host.LogAsync(webhook)).Select(one => one.EventId).ShouldBe([other.Id, e.Id]);
        _receiver.Requests.Count.ShouldBe(2);
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

    [Fact]
    public async Task Send_TwoWorkers_EachDeliveryOnce()
    {
        await using var one = await WebhookHost.StartAsync(_folder.Root);
        await using var other = await WebhookHost.StartAsync(_folder.Root);
        var webhook = await one.AddAsync(_receiver.Url());
        var second = await one.AddAsync(_receiver.Url("/second"));

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => (i % 2 == 0 ? one : other).NotifyAsync())));
        foreach (var each in (Webhook[])[webhook, second])
            await Eventually.TrueAsync(async () => (await one.LogAsync(each)).Count(delivery => delivery.State == DeliveryState.Delivered) == 30);

        _receiver.Requests.Count.ShouldBe(60);
        _receiver.Requests.Select(request => request.Id).ShouldBeUnique();
    }

    [Fact]
    public async Task Send_AfterARotation_BothSecretsSignUntilTheOldOneEnds()
    {
        await using var host = await WebhookHost.StartAsync(_folder.Root);
        var webhook = await host.AddAsync(_receiver.Url());
        var rotated = (await host.Webhooks.ChangeAsync(webhook.Id, one => one.Rotate(TimeProvider.System.GetUtcNow()), CancellationToken.None)).ShouldNotBeNull();
        rotated.Secret.ShouldNotBe(webhook.Secret);

        await host.NotifyAsync();
        await host.EndAsync(webhook);
        _receiver.Requests[0].ShouldSatisfyAllConditions(
            request => request.IsSignedWith(webhook.Secret).ShouldBeTrue(), request => request.IsSignedWith(rotated.Secret).ShouldBeTrue());

        await host.Webhooks.ChangeAsync(webhook.Id, one => one with { Version = one.Version + 1, PreviousSecretUntil = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
        await host.NotifyAsync();
        await Eventually.TrueAsync(() => _receiver.Requests.Count == 2);
        _receiver.Requests[1].ShouldSatisfyAllConditions(
            request => request.IsSignedWith(webhook.Secret).ShouldBeFalse(), request => request.IsSignedWith(rotated.Secret).ShouldBeTrue());
    }

    [Fact]
    public async Task Stop_DeliveryOnItsWay_ComesToItsEnd()
    {
        var (arrived, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        _receiver.Answer = async context =>
        {
            arrived.SetResult();
            await released.Task.WaitAsync(context.RequestAborted);
        };
        await using var host = await WebhookHost.StartAsync(_folder.Root);
        var webhook = await host.AddAsync(_receiver.Url());
        await host.NotifyAsync();
        await arrived.Task;

        var stopping = host.StopAsync();
        stopping.IsCompleted.ShouldBeFalse();
        released.SetResult();
        await stopping;

        (await host.LogAsync(webhook)).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Delivered);
    }

    private static Task Answer(HttpContext context, int status, string body = "")
    {
        context.Response.StatusCode = status;
        return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body);
    }
}
