using ImageAspire.Api.Uploads;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

public sealed class UploadConcurrencyLimiterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task EnterAsync_OneKeyHasALongQueue_AnotherKeyIsNext()
    {
        var gate = Gate(places: 1, maxWaiting: 20);
        var first = await gate.EnterAsync("greedy", CancellationToken.None);
        var greedy = Enumerable.Range(0, 5).Select(_ => gate.EnterAsync("greedy", CancellationToken.None)).ToList();
        var modest = gate.EnterAsync("modest", CancellationToken.None);

        first!.Dispose();
        (await greedy[0])!.Dispose();
        using var place = await modest; // second in turn, not sixth

        greedy[1].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task EnterAsync_OneKeyTakesAllItCan_LeavesPermitsForEachOther()
    {
        var gate = Gate(places: 12, maxWaiting: 100);
        var greedy = Enumerable.Range(0, 20).Select(_ => gate.EnterAsync("greedy", CancellationToken.None)).ToList();

        greedy.Count(entered => entered.IsCompleted).ShouldBe(6);
        foreach (var other in (string[])["a", "b", "c"])
            (await gate.EnterAsync(other, CancellationToken.None)).ShouldNotBeNull();
        greedy.Count(entered => entered.IsCompleted).ShouldBe(6);
    }

    [Fact]
    public async Task Dispose_OtherKeysLeft_SharesOfTheRestGrow()
    {
        var gate = Gate(places: 12, maxWaiting: 100);
        var other = await gate.EnterAsync("other", CancellationToken.None);
        var greedy = Enumerable.Range(0, 20).Select(_ => gate.EnterAsync("greedy", CancellationToken.None)).ToList();
        greedy.Count(entered => entered.IsCompleted).ShouldBe(4);

        other!.Dispose();

        await Task.WhenAll(greedy.Take(6));
        greedy.Count(entered => entered.IsCompleted).ShouldBe(6);
    }

    [Fact]
    public async Task EnterAsync_OneKeyFillsItsShareOfTheQueue_OthersMayStillWait()
    {
        var gate = Gate(places: 2, maxWaiting: 8);
        var greedy = Enumerable.Range(0, 10).Select(_ => gate.EnterAsync("greedy", CancellationToken.None)).ToList();

        greedy.Count(entered => entered.IsCompleted).ShouldBe(1 + 5); // one permit; four wait, five are refused
        (await greedy[9]).ShouldBeNull();
        using var free = await gate.EnterAsync("modest", CancellationToken.None);
        var waits = gate.EnterAsync("modest", CancellationToken.None);
        waits.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task EnterAsync_QueueFullOrLeft_CountsRight()
    {
        var gate = Gate(places: 1, maxWaiting: 1);
        var place = await gate.EnterAsync("a", CancellationToken.None);
        using var leaving = new CancellationTokenSource();
        var waiting = gate.EnterAsync("b", leaving.Token);

        (await gate.EnterAsync("c", CancellationToken.None)).ShouldBeNull();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        var next = gate.EnterAsync("c", CancellationToken.None);
        place!.Dispose();

        (await next).ShouldNotBeNull();
    }

    [Fact]
    public async Task EnterAsync_NoPermitInTime_IsRefused()
    {
        var gate = Gate(places: 1, maxWaiting: 10);
        var place = await gate.EnterAsync("a", CancellationToken.None);
        var waiting = gate.EnterAsync("b", CancellationToken.None);
        _time.Advance(Patience - TimeSpan.FromSeconds(1));
        waiting.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(1));
        (await waiting).ShouldBeNull();

        place!.Dispose();
        (await gate.EnterAsync("b", CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task EnterAsync_ManyEnterAndLeave_EveryPermitIsReturned()
    {
        var gate = Gate(places: 7, maxWaiting: 1000);
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => Task.Run(async () =>
        {
            using var leaving = new CancellationTokenSource();
            if (i % 5 == 0)
                await leaving.CancelAsync();
            try
            {
                using var place = await gate.EnterAsync($"key {i % 4}", leaving.Token);
                if (place is null)
                    return;
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
            catch (OperationCanceledException)
            {
                // left the queue
            }
        })));

        most.ShouldBeLessThanOrEqualTo(7);
        var again = Enumerable.Range(0, 7).Select(i => gate.EnterAsync($"other {i}", CancellationToken.None)).ToList();
        again.ShouldAllBe(entered => entered.IsCompleted);
        (await Task.WhenAll(again)).ShouldAllBe(place => place != null);
    }

    private UploadGate Gate(int places, int maxWaiting) => new(places, maxWaiting, Patience, _time);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
