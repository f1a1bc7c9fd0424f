using System.Globalization;
using ImageAspire.Core.Events;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Webhooks;

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
}
