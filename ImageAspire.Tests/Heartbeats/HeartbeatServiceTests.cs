using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Heartbeats;
using ImageAspire.ServiceDefaults.Health;
using ImageAspire.ServiceDefaults.Heartbeats;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Heartbeats;

public sealed class HeartbeatServiceTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(Samples.Noon);
    private readonly FakeHeartbeatStore _store = new();
    private readonly FakeLogCollector _log = new();
    private readonly ServiceProvider _services;
    private readonly HeartbeatService _service;
    private HealthCheckResult _vision = HealthCheckResult.Healthy();

    public HeartbeatServiceTests()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        services.AddHealthReader();
        services.AddHealthChecks().AddCheck("vision", () => _vision, [DependencyNames.Tag]).AddCheck("topology", () => HealthCheckResult.Degraded("not a dependency"));
        _services = services.BuildServiceProvider();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_SERVICE_NAME", "worker-2")]).Build();
        var process = new ProcessHeartbeat(ServiceNames.Worker, _services.GetRequiredService<HealthReader>(), configuration, _time);
        _service = new HeartbeatService(process, _store, _time, new FakeLogger<HeartbeatService>(_log));
    }

    public ValueTask DisposeAsync()
    {
        _service.Dispose();
        return _services.DisposeAsync();
    }

    [Fact]
    public async Task Beat_TheFirst_SaysWhoItIsAndWhatItNeeds()
    {
        await _service.StartedAsync(CancellationToken.None);
        await WrittenAsync(1);

        var one = _store.All.ShouldHaveSingleItem();
        (one.Service, one.Name, one.ProcessId, one.Version).ShouldBe((ServiceNames.Worker, "worker-2", Environment.ProcessId, ProductVersion.Current));
        (one.StartedAt, one.At, one.StoppedAt).ShouldBe((Samples.Noon, Samples.Noon, null));
        one.Dependencies.ShouldBe([new DependencyState("vision", true, Samples.Noon)]);
    }

    [Fact]
    public async Task Beat_DependencyGoesAndComesBack_EachWithItsSince()
    {
        await _service.StartedAsync(CancellationToken.None);
        await WrittenAsync(1);
        _vision = HealthCheckResult.Degraded("It is not there.");
        await NextAsync(2);
        await NextAsync(3);
        _store.All.Single().Dependencies.ShouldBe([new DependencyState("vision", false, Samples.Noon.AddSeconds(5), "It is not there.")]);

        _vision = HealthCheckResult.Healthy();
        await NextAsync(4);
        (_store.All.Single().At, _store.All.Single().Dependencies[0]).ShouldBe((Samples.Noon.AddSeconds(15), new DependencyState("vision", true, Samples.Noon.AddSeconds(15))));
    }

    [Fact]
    public async Task Stop_ASecondTimeAndDisposed_IsTheSameStop()
    {
        await _service.StartedAsync(CancellationToken.None);
        await _service.StoppedAsync(CancellationToken.None);
        _service.Dispose();

        await _service.StoppedAsync(CancellationToken.None); // a host that two ask to stop

        _store.All.Single().StoppedAt.ShouldBe(Samples.Noon);
    }

    [Fact]
    public async Task Stop_SaysSoAndBeatsNoMore()
    {
        await _service.StartedAsync(CancellationToken.None);
        await WrittenAsync(1);
        _time.Advance(TimeSpan.FromSeconds(2));

        await _service.StoppedAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(1));

        _store.All.Single().StoppedAt.ShouldBe(Samples.Noon.AddSeconds(2));
        _store.Writes.ShouldBe(2);
    }

    [Fact]
    public async Task Store_IsAway_IsLoggedOnceAndBeatsGoOn()
    {
        _store.IsAway = true;
        await _service.StartedAsync(CancellationToken.None);
        await WrittenAsync(1);
        await NextAsync(2);
        _store.IsAway = false;
        await NextAsync(3);
        await Eventually.TrueAsync(() => _log.Count == 2);

        _log.GetSnapshot().Select(line => line.Level).ShouldBe([LogLevel.Information, LogLevel.Information]); // the health check of the documents warns;
        _store.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Store_FailsAsNobodyExpected_IsLoggedWithTheErrorAndBeatsGoOn()
    {
        _store.Fault = new FormatException("No heartbeat of any version.");
        await _service.StartedAsync(CancellationToken.None);
        await WrittenAsync(1);
        _store.Fault = null;
        await NextAsync(2);
        await Eventually.TrueAsync(() => _log.Count == 2);

        _log.GetSnapshot()[0].Exception.ShouldBeOfType<FormatException>();
        _store.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Store_Hangs_BeatsGoOnSoThatTheProcessDoesNotLookGone()
    {
        _store.Hangs = true;
        await _service.StartedAsync(CancellationToken.None);
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _store.Writes >= 3;
        });
        _log.GetSnapshot().ShouldHaveSingleItem().Message.ShouldContain("did not answer within 3 s");
        _store.Hangs = false;
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _store.All.Count == 1;
        });
    }

    [Fact]
    public async Task Stop_StoreIsAway_EndsAllTheSame()
    {
        _store.IsAway = true;
        await _service.StartedAsync(CancellationToken.None);
        await WrittenAsync(1);
        await _service.StoppedAsync(CancellationToken.None);
        _store.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Beat_ProcessesThatEndedLongAgo_AreRemovedButTheLastOfEachService()
    {
        var (last, old) = (Beats.Of(ServiceNames.Api, at: Samples.Noon.AddHours(-1)), Beats.Of(ServiceNames.Api, at: Samples.Noon.AddHours(-2)));
        await _store.WriteAsync(last, CancellationToken.None);
        await _store.WriteAsync(old, CancellationToken.None);
        await _service.StartedAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => _store.All.All(one => one.Id != old.Id) && _store.All.Count == 2);
        _store.All.ShouldContain(one => one.Id == last.Id);
    }

    private Task WrittenAsync(int writes) => Eventually.TrueAsync(() => _store.Writes == writes);

    private Task NextAsync(int writes)
    {
        _time.Advance(HeartbeatRules.Interval);
        return WrittenAsync(writes);
    }
}
