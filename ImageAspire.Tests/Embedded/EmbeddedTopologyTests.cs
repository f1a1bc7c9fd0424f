using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Embedded;

/// <summary>The topology is compared with the stages in both directions.</summary>
public sealed class EmbeddedTopologyTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services;

    public EmbeddedTopologyTests() =>
        _services = new ServiceCollection().AddLogging().AddEmbeddedBackend(options => options.DataFolder = _folder.Root).BuildServiceProvider();

    private ITopology Topology => _services.GetRequiredService<ITopology>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Compare_NewStore_NothingDiffers() => (await CompareAsync()).ShouldBeEmpty();

    [Fact]
    public async Task Compare_MissingUnusedAndAnotherFilter_AreAllFound()
    {
        await RunAsync("DELETE FROM subscriptions WHERE name='record-audit'");
        await RunAsync("INSERT INTO subscriptions(name, cursor) VALUES('of-an-old-version', 0)");
        await RunAsync("UPDATE subscriptions SET types=' image.deleted ' WHERE name='inspect-image'");

        (await CompareAsync()).ShouldBe(
        [
            new TopologyDifference("record-audit", TopologyProblem.Missing),
            new TopologyDifference("of-an-old-version", TopologyProblem.Unused),
            new TopologyDifference("inspect-image", TopologyProblem.FilterDiffers),
        ], ignoreOrder: true);
    }

    [Fact]
    public async Task Delete_UnusedWithALockedMessage_LeavesNothingOfIt()
    {
        var bus = _services.GetRequiredService<IEventBus>();
        await using (await bus.SubscribeAsync(new SubscriptionOptions("unused"), (_, _) => Task.FromResult<MessageOutcome>(new MessageOutcome.DeadLetter("r", "d")), CancellationToken.None))
        {
            await bus.PublishAsync([ImageLifecycle.Purge(Samples.Image(), Samples.Traced).Event], null, CancellationToken.None);
            await Eventually.TrueAsync(async () => await _services.GetRequiredService<ITopicOperations>().ListDeadLettersAsync("unused", 1, null, CancellationToken.None) is [_]);
        }

        (await Topology.DeleteAsync("unused", CancellationToken.None)).ShouldBeTrue();

        (await Topology.DeleteAsync("unused", CancellationToken.None)).ShouldBeFalse();
        (await CompareAsync()).ShouldBeEmpty();
        (await _services.GetRequiredService<ITopicOperations>().ListDeadLettersAsync("unused", 1, null, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Health_UnusedSubscription_DegradedUntilItIsDeletedAndLoggedOnce()
    {
        var (time, log) = (new FakeTimeProvider(), new FakeLogger<TopologyCheck>());
        using var check = new TopologyCheck(Topology, time, log);
        await RunAsync("INSERT INTO subscriptions(name, cursor) VALUES('unused', 0)");

        await check.StartAsync(CancellationToken.None);
        var degraded = await check.CheckHealthAsync(new HealthCheckContext());
        time.Advance(TimeSpan.FromMinutes(2));
        await check.CheckHealthAsync(new HealthCheckContext());
        await Topology.DeleteAsync("unused", CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(2));

        degraded.Status.ShouldBe(HealthStatus.Degraded);
        degraded.Description.ShouldNotBeNull().ShouldContain("'unused'");
        log.Collector.Count.ShouldBe(1);
        (await check.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);
    }

    private Task<IReadOnlyList<TopologyDifference>> CompareAsync() => Topology.CompareAsync(StageCatalog.Subscriptions, CancellationToken.None);

    private Task<bool> RunAsync(string sql) => _services.GetRequiredService<SqliteDatabase>().WriteAsync(scope =>
    {
        scope.Session.Run(sql);
        return true;
    }, Durability.Process, CancellationToken.None);
}
