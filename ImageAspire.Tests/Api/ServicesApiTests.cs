using System.Net;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Heartbeats;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

public sealed class ServicesApiTests
{
    [Fact]
    public async Task Services_OfThisApi_RunsAndSeesItsDependencies()
    {
        await using var host = new ApiHost();
        await Eventually.TrueAsync(async () => (await ReadAsync(host)).Items.Count == 1);

        var services = await ReadAsync(host);

        services.Complete.ShouldBeTrue();
        var api = services.Items.ShouldHaveSingleItem();
        (api.Service, api.State, api.ProcessId).ShouldBe(("api", "running", Environment.ProcessId));
        (api.Since, api.LastHeartbeatAt >= api.StartedAt).ShouldBe((api.StartedAt, true));
        services.Dependencies.Select(one => (one.Name, one.State)).ShouldBe(
            [("documents", "available"), ("blobs", "available"), ("topic", "available"), ("space", "available")]);
        api.Dependencies.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Services_RunningStoppedAndGone_EachWithItsStateAndSince()
    {
        await using var host = new ApiHost();
        var (store, now) = (host.Services.GetRequiredService<IHeartbeatStore>(), Milliseconds(TimeProvider.System.GetUtcNow()));
        var running = Beats.Of(name: "worker-1", at: now.AddSeconds(30), dependencies: Beats.Away("vision", now.AddMinutes(-7), "The vision service is not there."));
        var stopped = Beats.Of(name: "worker-2", at: now.AddMinutes(-3)) with { StoppedAt = now.AddMinutes(-3) };
        var gone = Beats.Of(name: "worker-3", at: now.AddMinutes(-2));
        running = running with { Calls = [new CallFigures("AnalyzeImage", "vision", 10, 2, [8, 0, 2])] };
        gone = gone with { Calls = [new CallFigures("AnalyzeImage", "vision", 99, 99, [99])] }; // no longer calls
        foreach (var one in (Heartbeat[])[gone, stopped, running])
            await store.WriteAsync(one, CancellationToken.None);

        var services = await ReadAsync(host);

        services.Items.Where(one => one.Service == "worker").Select(one => (one.Name, one.State, one.Since)).ShouldBe(
            [("worker-1", "running", running.StartedAt), ("worker-2", "stopped", stopped.At), ("worker-3", "gone", gone.At)]);
        var vision = services.Dependencies.Single(one => one.Name == "vision");
        (vision.State, vision.Since, vision.Reason).ShouldBe(("away", now.AddMinutes(-7), "The vision service is not there."));
        vision.LostBy.ShouldBe(["worker-1"]);
        services.Calls.Single(one => one.Called == "vision").ShouldBe(new CallDto("AnalyzeImage", "vision", 10, 2, 2, 0.001, 0.002));
    }

    [Fact]
    public async Task Services_StoreOfHeartbeatsIsAway_AnswersWithThisApiAlone()
    {
        await using var host = new ApiHost(parts => parts.AddSingleton<IHeartbeatStore>(new FakeHeartbeatStore { IsAway = true }));
        await Eventually.TrueAsync(async () => (await ReadAsync(host)).Dependencies.Count > 0);
        var services = await ReadAsync(host);
        services.Complete.ShouldBeFalse();
        services.Items.ShouldHaveSingleItem().Service.ShouldBe("api");
    }

    private static async Task<ServiceListDto> ReadAsync(ApiHost host)
    {
        using var answer = await host.Client.GetAsync("/api/operations/services");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.ReadAsync<ServiceListDto>();
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
