using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Heartbeats;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IHeartbeatStore"/> must do. One store per test; several instances on it.</summary>
public abstract class HeartbeatStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IHeartbeatStore Open();

    [Fact]
    public async Task Write_TheFirst_CanBeReadEverywhereWithEverythingInIt()
    {
        (await Open().ListAsync(None)).ShouldBeEmpty();
        var heartbeat = Beats.Of(name: "Wörker <1>") with
        {
            StoppedAt = Samples.Noon.AddMinutes(1),
            Dependencies = [new DependencyState("documents", true, Samples.Noon), new DependencyState("vision", false, Samples.Noon.AddSeconds(3), "It is „away“.")],
            Retries = [new StageRetry("analyze-image", Samples.Noon.AddSeconds(9), "It failed.")],
            Calls = [new CallFigures("AnalyzeImage", "vision", 7, 1, [3, 0, 4])],
        };

        await Open().WriteAsync(heartbeat, None);

        var read = (await Open().ListAsync(None)).ShouldHaveSingleItem();
        read.Dependencies.ShouldBe(heartbeat.Dependencies);
        read.Retries.ShouldBe(heartbeat.Retries);
        read.Calls.ShouldHaveSingleItem().Durations.ShouldBe([3, 0, 4]);
        (read.Calls[0] with { Durations = heartbeat.Calls[0].Durations }).ShouldBe(heartbeat.Calls[0]);
        (read with { Dependencies = heartbeat.Dependencies, Retries = heartbeat.Retries, Calls = heartbeat.Calls }).ShouldBe(heartbeat);
    }

    [Fact]
    public async Task Write_TheNext_TakesThePlaceOfTheLastOfItsProcessOnly()
    {
        var (store, first, other) = (Open(), Beats.Of(), Beats.Of(name: "worker-2"));
        await store.WriteAsync(first, None);
        await store.WriteAsync(other, None);

        // Also one that is older: a clock may be set back, and what is said last counts.
        await Open().WriteAsync(first with { At = first.At.AddMinutes(-1) }, None);

        (await store.ListAsync(None)).Select(one => (one.Id, one.At)).ShouldBe([(first.Id, first.At.AddMinutes(-1)), (other.Id, other.At)], ignoreOrder: true);
    }

    [Fact]
    public async Task Write_TwentyAtOnce_OneIsLeft()
    {
        IHeartbeatStore[] stores = [Open(), Open()];
        var heartbeat = Beats.Of();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => stores[i % 2].WriteAsync(heartbeat with { At = heartbeat.At.AddSeconds(i) }, None))));
        (await stores[0].ListAsync(None)).ShouldHaveSingleItem().Id.ShouldBe(heartbeat.Id);
    }

    [Fact]
    public async Task Remove_SomeAndUnknownOnes_LeavesTheOthers()
    {
        var store = Open();
        Heartbeat[] all = [Beats.Of(), Beats.Of(), Beats.Of()];
        foreach (var one in all)
            await store.WriteAsync(one, None);

        await Open().RemoveAsync([all[0].Id, all[2].Id, Guid.NewGuid()], None);
        await Open().RemoveAsync([], None);

        (await store.ListAsync(None)).ShouldHaveSingleItem().Id.ShouldBe(all[1].Id);
    }
}
