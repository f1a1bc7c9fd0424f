using ImageAspire.Api.Uploads;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

public sealed class UploadConcurrencyLimiterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task AcquireAsync_OneKeyWithALongLine_LetsAnotherInNext()
    {
        var limiter = Limiter(permits: 1, maxWaiting: 20);
        var first = await limiter.AcquireAsync("greedy", CancellationToken.None);
        var greedy = Enumerable.Range(0, 5).Select(_ => limiter.AcquireAsync("greedy", CancellationToken.None)).ToList();
        var modest = limiter.AcquireAsync("modest", CancellationToken.None);

        first!.Dispose();
        (await greedy[0])!.Dispose();
        using var permit = await modest; // second in turn, not sixth

        greedy[1].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task AcquireAsync_OneKeyTakesAllItCan_LeavesPlacesForEachThatComes()
    {
        var limiter = Limiter(permits: 12, maxWaiting: 100);
        var greedy = Enumerable.Range(0, 20).Select(_ => limiter.AcquireAsync("greedy", CancellationToken.None)).ToList();

        greedy.Count(entered => entered.IsCompleted).ShouldBe(6);
        foreach (var other in (string[])["a", "b", "c"])
            (await limiter.AcquireAsync(other, CancellationToken.None)).ShouldNotBeNull();
        greedy.Count(entered => entered.IsCompleted).ShouldBe(6);
    }

    [Fact]
    public async Task Dispose_OtherKeysWentAway_TheSharesOfTheRestGrow()
    {
        var limiter = Limiter(permits: 12, maxWaiting: 100);
        var other = await limiter.AcquireAsync("other", CancellationToken.None);
        var greedy = Enumerable.Range(0, 20).Select(_ => limiter.AcquireAsync("greedy", CancellationToken.None)).ToList();
        greedy.Count(entered => entered.IsCompleted).ShouldBe(4);

        other!.Dispose();

        await Task.WhenAll(greedy.Take(6));
        greedy.Count(entered => entered.IsCompleted).ShouldBe(6);
    }

    [Fact]
    public async Task AcquireAsync_OneKeyFillsItsPartOfTheLine_OthersMayStillWait()
    {
        var limiter = Limiter(permits: 2, maxWaiting: 8);
        var greedy = Enumerable.Range(0, 10).Select(_ => limiter.AcquireAsync("greedy", CancellationToken.None)).ToList();

        greedy.Count(entered => entered.IsCompleted).ShouldBe(1 + 5); // one permit; four wait, five are told to come back
        (await greedy[9]).ShouldBeNull();
        using var free = await limiter.AcquireAsync("modest", CancellationToken.None);
        var waits = limiter.AcquireAsync("modest", CancellationToken.None);
        waits.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task AcquireAsync_LineFullOrLeft_CountsRight()
    {
        var limiter = Limiter(permits: 1, maxWaiting: 1);
        var permit = await limiter.AcquireAsync("a", CancellationToken.None);
        using var leaving = new CancellationTokenSource();
        var waiting = limiter.AcquireAsync("b", leaving.Token);

        (await limiter.AcquireAsync("c", CancellationToken.None)).ShouldBeNull();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        var next = limiter.AcquireAsync("c", CancellationToken.None);
        permit!.Dispose();

        (await next).ShouldNotBeNull();
    }

    [Fact]
    public async Task AcquireAsync_NoPlaceForTooLong_IsToldToComeBack()
    {
        var limiter = Limiter(permits: 1, maxWaiting: 10);
        var permit = await limiter.AcquireAsync("a", CancellationToken.None);
        var waiting = limiter.AcquireAsync("b", CancellationToken.None);
        _time.Advance(Patience - TimeSpan.FromSeconds(1));
        waiting.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(1));
        (await waiting).ShouldBeNull();

        permit!.Dispose();
        (await limiter.AcquireAsync("b", CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task AcquireAsync_ManyComeAndGo_EveryPlaceComesBack()
    {
        var limiter = Limiter(permits: 7, maxWaiting: 1000);
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => Task.Run(async () =>
        {
            using var leaving = new CancellationTokenSource();
            if (i % 5 == 0)
                await leaving.CancelAsync();
            try
            {
                using var permit = await limiter.AcquireAsync($"key {i % 4}", leaving.Token);
                if (permit is null)
                    return;
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
            catch (OperationCanceledException)
            {
                // left the line
            }
        })));

        most.ShouldBeLessThanOrEqualTo(7);
        var again = Enumerable.Range(0, 7).Select(i => limiter.AcquireAsync($"other {i}", CancellationToken.None)).ToList();
        again.ShouldAllBe(entered => entered.IsCompleted);
        (await Task.WhenAll(again)).ShouldAllBe(permit => permit != null);
    }

    private UploadConcurrencyLimiter Limiter(int permits, int maxWaiting) => new(permits, maxWaiting, Patience, _time);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
