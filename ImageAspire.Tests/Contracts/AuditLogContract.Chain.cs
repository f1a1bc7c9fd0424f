using System.Collections.Concurrent;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>The hash chain. What happens to a log that somebody changes is tested with each adapter.</summary>
public abstract partial class AuditLogContract
{
    [Fact]
    public async Task Head_GrowsWithEveryEntryAndNotWithARepeat()
    {
        var log = Open();
        var heads = new List<AuditHead> { await log.GetHeadAsync(None) };
        heads[0].ShouldBe(new AuditHead(0, new string('0', 64)));
        for (var i = 1; i <= 3; i++)
        {
            var e = Samples.Event(ImageEventTypes.Received, Samples.Image("a\0b\ud83d.jpg"));
            await log.AppendAsync(e, None);
            heads.Add(await Open().GetHeadAsync(None));
            await log.AppendAsync(e, None);
            (await log.GetHeadAsync(None)).ShouldBe(heads[i]);
        }

        heads.Select(head => head.Number).ShouldBe([0, 1, 2, 3]);
        heads.Select(head => head.Hash).Distinct().Count().ShouldBe(4);
        heads.ShouldAllBe(head => head.Hash.Length == 64);
    }

    [Fact]
    public async Task Verify_WhatSeveralInstancesWroteAtOnce_IsOneChainThatContainsEveryHead()
    {
        IAuditLog[] logs = [Open(), Open(), Open()];
        var heads = new ConcurrentBag<AuditHead> { await logs[0].GetHeadAsync(None) };
        await Task.WhenAll(Enumerable.Range(0, 120).Select(i => Task.Run(async () =>
        {
            var log = logs[i % 3];
            if (i % 4 == 0)
                await log.AppendAsync(new AccessEvent(Guid.CreateVersion7(), AccessEventTypes.Denied, null, "\ud83d\0", Samples.Noon, null, new AccessEventData { Count = i }), None);
            else
                await log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None);
            heads.Add(await log.GetHeadAsync(None));
        })));

        var found = await logs[0].VerifyAsync(null, None);

        (found.Intact, found.BreakCount, found.Unchained).ShouldBe((true, 0, 0));
        found.Breaks.ShouldBeEmpty();
        found.Head.ShouldBe(await logs[1].GetHeadAsync(None));
        found.Head.Number.ShouldBe(120);
        foreach (var head in heads)
            (await logs[2].VerifyAsync(head, None)).Breaks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_HeadOfAnotherLog_IsNotContinued()
    {
        var log = Open();
        for (var i = 0; i < 3; i++)
            await log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None);

        var other = await log.VerifyAsync(new AuditHead(2, new string('a', 64)), None);
        var longer = await log.VerifyAsync(new AuditHead(5, new string('a', 64)), None);

        (other.Intact, other.BreakCount).ShouldBe((false, 1));
        other.Breaks.ShouldBe([new AuditBreak(AuditBreakKinds.Recomputed, 2, 2)]);
        longer.Breaks.ShouldBe([new AuditBreak(AuditBreakKinds.Missing, 4, 5)]);
    }

    [Fact]
    public async Task Verify_Cancelled_Ends()
    {
        var log = Open();
        await log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => log.VerifyAsync(null, cancelled.Token));
    }
}
