using System.Net;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary>The hash chain of the audit log over HTTP.</summary>
public sealed class AuditChainTests
{
    private const string Verify = "/api/audit/verify";

    [Fact]
    public async Task Verify_SoundLog_IsIntactWithAndWithoutAnEarlierHead()
    {
        await using var host = new ApiHost();
        await FillAsync(host);
        var head = await host.Client.GetAsync<AuditHeadDto>("/api/audit/head");
        await FillAsync(host);

        var found = await VerifyAsync(host.Client, Verify);

        (found.Intact, found.Head).ShouldBe((true, await host.Client.GetAsync<AuditHeadDto>("/api/audit/head")));
        found.Head.Number.ShouldBe(head.Number + 3);
        (await VerifyAsync(host.Client, $"{Verify}?head={head.Number}:{head.Hash}")).Intact.ShouldBeTrue();
        (await VerifyAsync(host.Client, $"{Verify}?head={head.Number}:{new string('f', 64)}")).Breaks.ShouldBe([new AuditBreakDto("recomputed-chain", head.Number, head.Number)]);
    }

    [Fact]
    public async Task Verify_ChangedEntry_IsNamed()
    {
        await using var host = new ApiHost();
        await FillAsync(host);
        using (var session = new SqliteSession(Path.Combine(host.DataFolder, AuditSchema.FileName), readOnly: false))
            session.Run("DROP TRIGGER audit_no_update; UPDATE audit SET actor='else' WHERE sequence=2");

        var found = await VerifyAsync(host.Client, Verify);

        found.Breaks.ShouldBe([new AuditBreakDto("changed-entry", 2, 2)]);
        (found.Intact, found.BreakCount).ShouldBe((false, 1));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("0:00000000000000000000000000000000000000000000000000000000000000ff")]
    [InlineData("1:x")]
    [InlineData("-1:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Verify_NoHead_IsRefused(string head)
    {
        await using var host = new ApiHost();

        using var answer = await host.Client.PostAsync($"{Verify}?head={head}", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.ReadProblemAsync()).Code.ShouldBe("invalid-parameter");
    }

    [Fact]
    public async Task Verify_WhileAnotherRuns_IsRefusedAndWorksAgainWhenThatEnds()
    {
        var log = new SlowLog();
        await using var host = new ApiHost(services => services.AddSingleton<IAuditLog>(log));
        var first = VerifyAsync(host.Client, Verify);
        await log.Begun;

        using (var second = await host.Client.PostAsync(Verify, null))
        {
            second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await second.ReadProblemAsync()).Code.ShouldBe("verification-running");
        }

        log.End();
        (await first).Intact.ShouldBeTrue();
        (await VerifyAsync(host.Client, Verify)).Intact.ShouldBeTrue();
    }

    private static async Task<AuditVerificationDto> VerifyAsync(HttpClient client, string path)
    {
        using var answer = await client.PostAsync(path, null);
        return await answer.ReadAsync<AuditVerificationDto>();
    }

    private static async Task FillAsync(ApiHost host)
    {
        for (var i = 0; i < 3; i++)
            await host.Services.GetRequiredService<IAuditLog>().AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), CancellationToken.None);
    }

    private sealed class SlowLog : IAuditLog
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task.WaitAsync(TimeSpan.FromSeconds(60));

        public void End() => _end.SetResult();

        public async Task<AuditVerification> VerifyAsync(AuditHead? earlier, CancellationToken cancellationToken)
        {
            _begun.TrySetResult();
            await _end.Task.WaitAsync(cancellationToken);
            return new AuditVerification(await GetHeadAsync(cancellationToken), 0, [], 0);
        }

        public Task<AuditHead> GetHeadAsync(CancellationToken cancellationToken) => Task.FromResult(new AuditHead(0, AuditHead.HashText(null)));

        public Task AppendAsync(ImageEvent e, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task AppendAsync(AccessEvent e, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken) => Task.FromResult(new AuditPage([], null));
    }
}
