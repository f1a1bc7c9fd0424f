using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary>What operators do is in the audit log, with who did it and to what.</summary>
public sealed class OperatorAuditTests
{
    [Fact]
    public async Task Operations_OfAnOperator_AreAudited()
    {
        await using var host = new ApiHost();
        const string operations = "/api/operations";
        (await host.Client.PostAsync($"{operations}/subscriptions/inspect-image/pause", null)).EnsureSuccessStatusCode();
        (await host.Client.PostAsync($"{operations}/subscriptions/inspect-image/resume", null)).EnsureSuccessStatusCode();
        (await host.Client.PostAsync($"{operations}/subscriptions/unknown/pause", null)).IsSuccessStatusCode.ShouldBeFalse();
        var image = await host.UploadAsync(1);
        await DeadLetterAsync(host, 1);
        (await host.Client.PostAsync($"{operations}/dead-letters/retry?subscription=inspect-image", null)).EnsureSuccessStatusCode();
        await DeadLetterAsync(host, 1);
        var letter = (await host.Client.GetItemsAsync<DeadLetterDto>($"{operations}/dead-letters"))[0].Id;
        (await host.Client.DeleteAsync($"{operations}/dead-letters/{letter}?reason=uploaded+twice")).EnsureSuccessStatusCode();
        (await host.Client.PostAsync($"{operations}/stages/inspect-image/run-missing", null)).EnsureSuccessStatusCode();

        var entries = (await host.Client.GetItemsAsync<AuditEntryDto>("/api/audit?actor=all&limit=50"))
            .Where(one => one.Type.StartsWith("operation.", StringComparison.Ordinal)).ToList();

        entries.Select(one => one.Type).ShouldBe([AccessEventTypes.ReprocessingStarted, AccessEventTypes.Discarded,
            AccessEventTypes.Retried, AccessEventTypes.Resumed, AccessEventTypes.Paused]);
        entries.Select(one => one.KeyId).Distinct().Count().ShouldBe(1);
        var access = entries.Select(one => one.Access.ShouldNotBeNull()).ToList();
        access[0].Target.ShouldBe("inspect-image (missing)");
        access[1].Target.ShouldNotBeNull().ShouldStartWith("inspect-image/");
        access[1].Target.ShouldNotBeNull().ShouldEndWith($", image {image}");
        access[1].Reason.ShouldBe("uploaded twice");
        (access[2].Target, access[2].Count).ShouldBe(("dead letters by subscription inspect-image", 1L));
        access[4].Target.ShouldBe("inspect-image");
        (await host.Client.GetItemsAsync<AuditEntryDto>("/api/audit?type=operation.paused")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Operations_WhileTheLogIsAway_AreDone()
    {
        await using var host = new ApiHost(services => services.AddSingleton<IAuditLog>(new NoLog()));

        (await host.Client.PostAsync("/api/operations/subscriptions/inspect-image/pause", null)).EnsureSuccessStatusCode();

        (await host.Services.GetRequiredService<ITopicOperations>().GetStatusAsync(CancellationToken.None)).Single(one => one.Name == "inspect-image").Pause.ShouldNotBeNull();
    }

    // Takes what waits and buries it, as a worker does that has given up.
    private static async Task DeadLetterAsync(ApiHost host, int count)
    {
        await using (await host.Services.GetRequiredService<IEventBus>().SubscribeAsync(new SubscriptionOptions("inspect-image") { Types = [ImageEventTypes.Received] }, (_, _) =>
            Task.FromResult<MessageOutcome>(new MessageOutcome.DeadLetter("test", "buried by a test")), CancellationToken.None))
        {
            await Eventually.TrueAsync(async () => (await host.Services.GetRequiredService<ITopicOperations>().GetStatusAsync(CancellationToken.None)).Single(one => one.Name == "inspect-image").DeadLettered == count);
        }
    }

    private sealed class NoLog : IAuditLog
    {
        public Task AppendAsync(ImageEvent e, CancellationToken cancellationToken) => throw new IOException("The disk is full.");

        public Task AppendAsync(AccessEvent e, CancellationToken cancellationToken) => throw new IOException("The disk is full.");

        public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken) => throw new IOException("The disk is full.");

        public Task<AuditHead> GetHeadAsync(CancellationToken cancellationToken) => throw new IOException("The disk is full.");

        public Task<AuditVerification> VerifyAsync(AuditHead? earlier, CancellationToken cancellationToken) => throw new IOException("The disk is full.");
    }
}
