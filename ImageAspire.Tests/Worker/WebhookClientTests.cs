using System.Net;
using ImageAspire.Core.Events;
using ImageAspire.Core.Webhooks;
using ImageAspire.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Tests.Worker;

/// <summary>One try: where it goes, and how much of an answer it takes.</summary>
public sealed class WebhookClientTests : IAsyncLifetime
{
    private static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");

    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async ValueTask DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Send_PrivateAddress_IsRefusedBeforeAnyConnection()
    {
        using var client = Client(allowPrivate: false);

        var attempt = await SendAsync(client, _receiver.Url());

        (attempt.Status, attempt.Error).ShouldBe((null, DeliveryErrors.AddressRefused));
        attempt.Detail.ShouldNotBeNull().ShouldContain("127.0.0.1");
        attempt.Detail.ShouldContain("Webhooks:AllowPrivateAddresses");
        _receiver.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("93.184.215.14,127.0.0.1")]
    public async Task Send_NameThatLeadsToAPrivateAddress_IsRefused(string addresses)
    {
        using var client = Client(allowPrivate: false, (_, _) => Task.FromResult<IPAddress[]>([.. addresses.Split(',').Select(IPAddress.Parse)]));

        (await SendAsync(client, $"http://hooks.example:{_receiver.Address.Port}/")).Error.ShouldBe(DeliveryErrors.AddressRefused);

        _receiver.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_Name_IsResolvedOnceAndThatAddressIsUsed()
    {
        var asked = new List<string>();
        using var client = Client(allowPrivate: true, (host, _) =>
        {
            asked.Add(host);
            return Task.FromResult<IPAddress[]>([asked.Count == 1 ? IPAddress.Loopback : Public]);
        });

        (await SendAsync(client, $"http://hooks.example:{_receiver.Address.Port}/")).Status.ShouldBe(200);

        asked.ShouldBe(["hooks.example"]);
        _receiver.Requests.ShouldHaveSingleItem().Host.ShouldBe($"hooks.example:{_receiver.Address.Port}");
    }

    [Fact]
    public async Task Send_NoListener_IsReported()
    {
        using var client = Client(allowPrivate: true);
        var url = _receiver.Url();
        await _receiver.DisposeAsync();

        var attempt = await SendAsync(client, url);

        (attempt.Status, attempt.Error).ShouldBe((null, DeliveryErrors.Connection));
        attempt.Detail.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Send_EndlessAnswer_IsReadNoFurtherThanNeeded()
    {
        var ended = new TaskCompletionSource();
        _receiver.Answer = async context =>
        {
            var part = new byte[8192];
            Array.Fill(part, (byte)'x');
            try
            {
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(part, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // The client has had enough.
            }

            ended.SetResult();
        };
        using var client = Client(allowPrivate: true, timeout: Timeout.InfiniteTimeSpan); // no limit of time ends the reading

        var attempt = await SendAsync(client, _receiver.Url()).WaitAsync(TimeSpan.FromSeconds(30));

        (attempt.Status, attempt.Error, attempt.Answer).ShouldBe((200, null, new string('x', 1024)));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30)); // the connection was closed, not read to its end
    }

    [Fact]
    public async Task Send_AnswerThatStopsInTheMiddle_KeepsStatusAndWhatCame()
    {
        _receiver.Answer = async context =>
        {
            await context.Response.WriteAsync("taken, and now");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        using var client = Client(allowPrivate: true, timeout: TimeSpan.FromSeconds(2));

        var attempt = await SendAsync(client, _receiver.Url());

        (attempt.Status, attempt.Error, attempt.Answer).ShouldBe((200, null, "taken, and now"));
    }

    [Fact]
    public async Task Send_BinaryAnswer_IsKeptAsText()
    {
        _receiver.Answer = context => context.Response.Body.WriteAsync(new byte[] { 0, 0xff, (byte)'a', (byte)'\n', 0xc3 }).AsTask();
        using var client = Client(allowPrivate: true);

        (await SendAsync(client, _receiver.Url())).Answer.ShouldBe("\ufffd\ufffda\n");
    }

    private static WebhookClient Client(bool allowPrivate, ResolveHost? resolve = null, TimeSpan? timeout = null) => new(
        new WebhookOptions { Timeout = timeout ?? TimeSpan.FromSeconds(20) },
        new WebhookAddresses(new WebhookAddressOptions { AllowPrivateAddresses = allowPrivate }, resolve ?? Dns.GetHostAddressesAsync), TimeProvider.System);

    private static Task<DeliveryAttempt> SendAsync(WebhookClient client, string url)
    {
        var webhook = new Webhook
        {
            Id = Guid.NewGuid(), Version = 1, Url = url, Types = Webhook.AllTypes, Enabled = true, Secret = WebhookSignature.NewSecret(),
            CreatedAt = Samples.Noon, CreatedBy = "tester",
        };
        return client.SendAsync(webhook, WebhookDeliveries.Of(Samples.Event(ImageEventTypes.Deleted, Samples.Image()), webhook, Samples.Noon), CancellationToken.None);
    }
}
