using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageAspire.Core.Access;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

/// <summary>Several instances of the Api, and a store or an audit log that is away.</summary>
public sealed class KeyStoreFaultsTests
{
    [Fact]
    public async Task Revoke_OnOneInstance_IsInForceOnTheOther()
    {
        await using var one = new ApiHost();
        await using var other = new ApiHost(("Embedded:DataFolder", one.DataFolder));
        var (id, secret) = await one.CreateKeyAsync("camera", "read");
        using var client = other.ClientWith(secret);
        (await client.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK); // a key that is not known yet waits for the next look
        using var live = await client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);

        await one.Client.DeleteAsync($"/api/keys/{id}");

        await Eventually.TrueAsync(async () => (await client.GetAsync("/api/images")).StatusCode == HttpStatusCode.Unauthorized);
        await live.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30)); // the stream that was open ends
    }

    [Fact]
    public async Task Store_GoesAway_KnownKeysGoOnAndHealthSaysSo()
    {
        var (clock, store) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new SwitchableStore());
        await using var host = new ApiHost(parts => parts.AddSingleton<TimeProvider>(clock).AddSingleton<IApiKeyStore>(store));
        var (_, secret) = await host.CreateKeyAsync("camera", "read");
        await BecomesAsync(host, clock, "Healthy");

        store.IsAway = true;
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1)); // the refresh waits for the time to pass
            return store.Refused > 0;
        });
        clock.Advance(TimeSpan.FromSeconds(11));

        using var client = host.ClientWith(secret);
        (await client.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await BecomesAsync(host, clock, "Degraded");
        await host.Client.PostAsJsonAsync("/api/keys", new { name = "x", scopes = new[] { "read" } }).ShouldBeProblemAsync(503, "storage-unavailable");
        store.IsAway = false;
        await BecomesAsync(host, clock, "Healthy");
    }

    [Fact]
    public async Task Revoke_StoreIsAway_TheKeyIsRefusedHereAtOnceAndTheAnswerSaysThatItIsNotStored()
    {
        var store = new SwitchableStore();
        await using var host = new ApiHost(parts => parts.AddSingleton<IApiKeyStore>(store));
        var (id, secret) = await host.CreateKeyAsync("stolen", "read", "write");
        using var thief = host.ClientWith(secret);
        (await thief.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var live = await thief.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);

        store.IsAway = true;
        using var refused = await host.Client.DeleteAsync($"/api/keys/{id}");

        await refused.ShouldBeProblemAsync(503, "storage-unavailable");
        (await refused.Content.ReadAsStringAsync()).ShouldContain("could not be stored");
        await thief.GetAsync("/api/images").ShouldBeProblemAsync(401, "revoked-key");
        await live.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30)); // the stream that was open ends
        store.IsAway = false;
        var reads = store.Reads;
        await Eventually.TrueAsync(() => store.Reads > reads + 1); // the store still has the key as valid
        await thief.GetAsync("/api/images").ShouldBeProblemAsync(401, "revoked-key");
        (await host.Client.DeleteAsync($"/api/keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await store.GetAsync(id, CancellationToken.None))!.RevokedBy.ShouldBe("all");
    }

    [Fact]
    public async Task Store_AwaySinceTheStart_OnlyConfiguredKeysWork()
    {
        var store = new SwitchableStore { IsAway = true };
        await using var host = new ApiHost(parts => parts.AddSingleton<IApiKeyStore>(store));
        using var unknown = host.ClientWith(ApiKeySecret.Create());

        (await host.Client.GetAsync("/api/images")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await unknown.GetAsync("/api/images").ShouldBeProblemAsync(503, "storage-unavailable"); // whether it is wrong is unknown

        store.IsAway = false;
        await Eventually.TrueAsync(async () => (await unknown.GetAsync("/api/images")).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task AuditLog_Away_ChangeStandsAndIsRecordedLater()
    {
        var (clock, log) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new SwitchableLog { IsAway = true });
        await using var host = new ApiHost(parts => parts.AddSingleton<TimeProvider>(clock).AddSingleton<IAuditLog>(log));

        var (id, _) = await host.CreateKeyAsync("camera", "read");
        log.Written.ShouldBeEmpty();
        log.IsAway = false;
        clock.Advance(TimeSpan.FromSeconds(20));

        await Eventually.TrueAsync(() => !log.Written.IsEmpty);
        log.Written.ToArray().ShouldHaveSingleItem().ShouldSatisfyAllConditions(one => one.KeyId.ShouldBe(id), one => one.Type.ShouldBe(AccessEventTypes.KeyCreated));
        var store = host.Services.GetRequiredService<IApiKeyStore>();
        await Eventually.TrueAsync(async () => (await store.GetAsync(id, CancellationToken.None))!.Unrecorded.Count == 0);
    }

    // Health is not looked at anew within half a second, and a heartbeat may have looked a moment before.
    private static Task BecomesAsync(ApiHost host, FakeTimeProvider clock, string status) => Eventually.TrueAsync(async () =>
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return await KeyHealthAsync(host) == status;
    });

    private static async Task<string?> KeyHealthAsync(ApiHost host) => JsonDocument.Parse(await host.Client.GetStringAsync("/health"))
        .RootElement.GetProperty("results").GetProperty("keys").GetProperty("status").GetString();

    /// <summary>A store in memory that can be switched off.</summary>
    private sealed class SwitchableStore : IApiKeyStore
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<Guid, ApiKey> _keys = [];
        private long _revision;
        private int _refused;

        public bool IsAway { get; set; }

        public int Reads { get; private set; }

        public int Refused => Volatile.Read(ref _refused);

        public Task<ApiKeyWrite> AddAsync(ApiKey key, CancellationToken cancellationToken) => ReplaceAsync(key, cancellationToken);

        public Task<ApiKeyWrite> ReplaceAsync(ApiKey after, CancellationToken cancellationToken) => Ask(() =>
        {
            _keys[after.Id] = after;
            _revision++;
            return ApiKeyWrite.Done;
        });

        public Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken) => Ask(() => _keys.GetValueOrDefault(id));

        public Task<ApiKeySet?> ReadAsync(long? unless, CancellationToken cancellationToken) => Ask(() =>
        {
            Reads++;
            return unless == _revision ? null : new ApiKeySet(_revision, [.. _keys.Values], []);
        });

        public Task TouchAsync(IReadOnlyCollection<ApiKeyUse> uses, CancellationToken cancellationToken) => Ask(() => uses.Count);

        private Task<T> Ask<T>(Func<T> question)
        {
            if (IsAway)
            {
                Interlocked.Increment(ref _refused);
                throw new StoreUnavailableException("Switched off.");
            }

            lock (_lock)
                return Task.FromResult(question());
        }
    }

    private sealed class SwitchableLog : IAuditLog
    {
        public bool IsAway { get; set; }

        public System.Collections.Concurrent.ConcurrentQueue<AccessEvent> Written { get; } = [];

        public Task AppendAsync(ImageEvent e, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task AppendAsync(AccessEvent e, CancellationToken cancellationToken)
        {
            if (IsAway)
                throw new StoreUnavailableException("Switched off.");
            if (Written.All(one => one.Id != e.Id))
                Written.Enqueue(e);
            return Task.CompletedTask;
        }

        public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken) => Task.FromResult(new AuditPage([], null));

        public Task<AuditHead> GetHeadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AuditVerification> VerifyAsync(AuditHead? earlier, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
