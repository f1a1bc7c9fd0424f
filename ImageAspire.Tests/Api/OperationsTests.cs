using System.Net;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

public sealed class OperationsTests : IAsyncDisposable
{
    private const string Subscriptions = "/api/operations/subscriptions";
    private readonly ApiHost _host = new();

    private IEventBus Bus => _host.Services.GetRequiredService<IEventBus>();

    private ITopicOperations Topic => _host.Services.GetRequiredService<ITopicOperations>();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Subscriptions_ImagesWaiting_AreCountedWithTheirAge()
    {
        await _host.UploadAsync(1);
        await _host.UploadAsync(2);

        var one = await SubscriptionAsync("inspect-image");

        one.Active.ShouldBe(2);
        one.InFlight.ShouldBe(0);
        one.Scheduled.ShouldBe(0);
        one.DeadLettered.ShouldBe(0);
        one.Paused.ShouldBeFalse();
        one.OldestActiveAt.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(TimeProvider.System.GetUtcNow());
        one.OldestAgeSeconds.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(0);
        // No worker has ever run here; and where nothing waits that is no fault.
        (one.State, one.Waiting, one.HeldUpBy).ShouldBe(("held", 2L, new HoldUpDto("no-worker")));
        var next = await SubscriptionAsync("analyze-image");
        (next.OldestActiveAt, next.State, next.Waiting, next.HeldUpBy).ShouldBe((null, "idle", 0L, null));
    }

    [Fact]
    public async Task Pause_ThenResume_IsShownAndHolds()
    {
        (await PostAsync($"{Subscriptions}/inspect-image/pause")).ShouldBe(HttpStatusCode.NoContent);
        var paused = await SubscriptionAsync("inspect-image");
        (paused.Paused, paused.State, paused.HeldUpBy?.Code, paused.HeldUpBy?.By, paused.HeldUpBy?.Since <= TimeProvider.System.GetUtcNow()).ShouldBe((true, "paused", "paused", "all", true));
        (await SubscriptionAsync("analyze-image")).Paused.ShouldBeFalse();

        (await PostAsync($"{Subscriptions}/inspect-image/resume")).ShouldBe(HttpStatusCode.NoContent);
        (await SubscriptionAsync("inspect-image")).Paused.ShouldBeFalse();
    }

    [Fact]
    public async Task Delete_SubscriptionOfAStage_Is409AndAnUnusedOneIsDeleted()
    {
        await (await Bus.SubscribeAsync(new SubscriptionOptions("unused"), (_, _) => Task.FromResult(MessageOutcome.Completed), CancellationToken.None)).DisposeAsync();

        await _host.Client.DeleteAsync($"{Subscriptions}/inspect-image").ShouldBeProblemAsync(409, "subscription-in-use");
        (await _host.Client.DeleteAsync($"{Subscriptions}/unused")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await _host.Client.DeleteAsync($"{Subscriptions}/unused").ShouldBeProblemAsync(404, "not-found");
        (await Topic.GetStatusAsync(CancellationToken.None)).ShouldNotContain(one => one.Name == "unused");
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("Inspect-Image")]
    [InlineData("%27%3B--")]
    public async Task Pause_NoSuchSubscription_Is404(string name)
    {
        await _host.Client.PostAsync($"{Subscriptions}/{name}/pause", null).ShouldBeProblemAsync(404, "not-found");
        await _host.Client.PostAsync($"{Subscriptions}/{name}/resume", null).ShouldBeProblemAsync(404, "not-found");
    }

    private async Task<SubscriptionDto> SubscriptionAsync(string name) =>
        (await _host.Client.GetItemsAsync<SubscriptionDto>(Subscriptions))
            .Single(one => one.Name == name);

    private async Task<HttpStatusCode> PostAsync(string path)
    {
        using var answer = await _host.Client.PostAsync(path, null);
        return answer.StatusCode;
    }
}
