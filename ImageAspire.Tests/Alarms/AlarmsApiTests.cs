using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageAspire.Core.Alarms;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.Heartbeats;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Alarms;

/// <summary>Alarms of a real Api without a Worker: list, health, delays, and the webhooks that it sends itself.</summary>
public sealed class AlarmsApiTests
{
    private static readonly (string, string)[] Quick =
        [("Alarms:Interval", "00:00:00.1"), ("Alarms:NoWorker", "00:00:00.1"), ("Alarms:EndAfter", "00:00:00.3"), ("Webhooks:Poll", "00:00:00.1"), ("Webhooks:AllowPrivateAddresses", "true")];

    [Fact]
    public async Task NoWorker_AnImageWaits_IsSaidEverywhereUntilOneRuns()
    {
        await using var host = new ApiHost(Quick);
        await using var receiver = await WebhookReceiver.StartAsync();
        using var made = await host.Client.PostAsJsonAsync("/api/webhooks", new { url = receiver.Url(), types = new[] { "operations.alarm" } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await ListAsync(host)).Items.ShouldBeEmpty();

        await host.UploadAsync(seed: 1);
        await Eventually.TrueAsync(async () => (await ListAsync(host)).Items.Count > 0);

        var alarm = (await ListAsync(host)).Items.ShouldHaveSingleItem();
        (alarm.Code, alarm.State, alarm.Name, alarm.EndedAt).ShouldBe(("no-worker", "open", null, null));
        await Eventually.TrueAsync(async () => await HealthAsync(host) is ("Degraded", { } reason) && reason.StartsWith("No Worker runs, and messages wait for inspect-image", StringComparison.Ordinal));
        var delays = await host.Client.GetAsync<DelaysDto>("/api/delays");
        (delays.Waiting, delays.Alarms.ShouldHaveSingleItem().Code).ShouldBe((1, "no-worker"));

        var store = host.Services.GetRequiredService<IHeartbeatStore>();
        await store.WriteAsync(Beats.Of(at: TimeProvider.System.GetUtcNow()), CancellationToken.None);
        await Eventually.TrueAsync(async () => (await ListAsync(host)).Items is [{ State: "ended", EndedAt: not null }]);
        await Eventually.TrueAsync(async () => await HealthAsync(host) is ("Healthy", null));
        (await host.Client.GetAsync<DelaysDto>("/api/delays")).Alarms.ShouldBeEmpty();

        // The raised one was sent although no Worker ran; the other one waits for that Worker.
        var raised = receiver.Requests.ShouldHaveSingleItem();
        using var body = JsonDocument.Parse(raised.Body);
        (body.RootElement.GetProperty("type").GetString(), body.RootElement.GetProperty("subject").GetGuid()).ShouldBe(("operations.alarm", alarm.Id));
        var data = body.RootElement.GetProperty("data");
        (data.GetProperty("state").GetString(), data.GetProperty("code").GetString(), data.GetProperty("schema").GetInt32()).ShouldBe(("raised", "no-worker", 1));
        var hook = (await made.ReadAsync<WebhookDto>()).Id;
        var deliveries = host.Services.GetRequiredService<IWebhookDeliveries>();
        await Eventually.TrueAsync(async () => (await deliveries.ListAsync(hook, 10, null, CancellationToken.None)).Items is [{ Type: "operations.alarm" } ended, { }]
            && ended.Body.Contains("\"state\":\"ended\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_StoreIsAway_IsWhatThisApiSees()
    {
        var store = new AwayAlarmStore();
        await using var host = new ApiHost(parts => parts.AddSingleton<IAlarmStore>(store), Quick);
        await host.UploadAsync(seed: 1);

        await Eventually.TrueAsync(async () => await ListAsync(host) is { Complete: false, Items: [{ Code: "no-worker" }] });

        store.IsAway = false;
        await Eventually.TrueAsync(async () => await ListAsync(host) is { Complete: true, Items: [{ Code: "no-worker" }] });
        store.Book.Open.ShouldHaveSingleItem().Code.ShouldBe("no-worker");
    }

    [Fact]
    public async Task Look_TheTopicHangs_GoesOnAndSaysSo()
    {
        var topic = new HangingTopic();
        await using var host = new ApiHost(parts => parts.AddSingleton<ITopicOperations>(topic), [.. Quick, ("Alarms:DependencyAway", "00:00:00.1")]);

        await Eventually.TrueAsync(async () => await ListAsync(host) is { Items: [{ Code: "dependency-away", Name: "topic" }] });

        var before = topic.Looks;
        await Eventually.TrueAsync(() => Task.FromResult(topic.Looks >= before + 2)); // each waits three seconds, and the next one follows
    }

    [Fact]
    public async Task Raise_TwoApis_IsOneAlarmAndOneDelivery()
    {
        using var folder = new TempFolder();
        await using var first = new ApiHost(folder, _ => { }, Quick);
        await using var second = new ApiHost(folder, _ => { }, Quick);
        await using var receiver = await WebhookReceiver.StartAsync();
        using var made = await first.Client.PostAsJsonAsync("/api/webhooks", new { url = receiver.Url(), types = new[] { "operations.alarm" } });
        await first.UploadAsync(seed: 1);

        await Eventually.TrueAsync(async () => (await ListAsync(first)).Items.Count > 0 && (await ListAsync(second)).Items.Count > 0 && receiver.Requests.Count > 0);

        var id = (await ListAsync(first)).Items.ShouldHaveSingleItem().Id;
        (await ListAsync(second)).Items.ShouldHaveSingleItem().Id.ShouldBe(id);
        var hook = (await made.ReadAsync<WebhookDto>()).Id;
        (await first.Services.GetRequiredService<IWebhookDeliveries>().ListAsync(hook, 10, null, CancellationToken.None)).Items.ShouldHaveSingleItem();
    }

    private static Task<AlarmListDto> ListAsync(ApiHost host) => host.Client.GetAsync<AlarmListDto>("/api/operations/alarms");

    private static async Task<(string Status, string? Reason)> HealthAsync(ApiHost host)
    {
        using var json = JsonDocument.Parse(await host.Client.GetStringAsync("/health"));
        var alarms = json.RootElement.GetProperty("results").GetProperty("alarms");
        return (alarms.GetProperty("status").GetString()!, alarms.TryGetProperty("description", out var reason) ? reason.GetString() : null);
    }

    private sealed class HangingTopic : ITopicOperations
    {
        private int _looks;

        public int Looks => Volatile.Read(ref _looks);

        public Task ProbeAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

        public async Task<IReadOnlyList<SubscriptionStatus>> GetStatusAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        }

        public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string subscription, int limit, long? before, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> ResolveDeadLetterAsync(string subscription, long sequence, bool discard, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> PauseAsync(string subscription, string by, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> ResumeAsync(string subscription, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class AwayAlarmStore : IAlarmStore
    {
        public bool IsAway { get; set; } = true;

        public AlarmBook Book { get; private set; } = AlarmBook.Empty;

        public Task<AlarmBook> ReadAsync(CancellationToken cancellationToken) => IsAway ? throw new StoreUnavailableException("The store is away.") : Task.FromResult(Book);

        public Task<bool> SaveAsync(AlarmBook book, CancellationToken cancellationToken)
        {
            if (IsAway)
                throw new StoreUnavailableException("The store is away.");
            var isNext = book.Version == Book.Version + 1;
            Book = isNext ? book : Book;
            return Task.FromResult(isNext);
        }
    }
}
