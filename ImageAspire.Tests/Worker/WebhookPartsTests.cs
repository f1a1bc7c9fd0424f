using ImageAspire.Core.Webhooks;
using ImageAspire.Webhooks;

namespace ImageAspire.Tests.Worker;

/// <summary>Schedule, limiter and settings of the sender.</summary>
public sealed class WebhookPartsTests
{
    [Fact]
    public void Schedule_Defaults_EightTriesInADayEachWaitLonger()
    {
        var options = new WebhookOptions();
        var schedule = new RetrySchedule(options.Tries, options.RetryWindow);
        for (var round = 0; round < 100; round++)
        {
            List<TimeSpan> waits = [];
            while (schedule.After(waits.Count + 1) is { } wait)
                waits.Add(wait);

            waits.Count.ShouldBe(7);
            waits.ShouldBeInOrder();
            waits[0].ShouldBeInRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
            (waits.Aggregate((sum, wait) => sum + wait) / options.RetryWindow).ShouldBeInRange(0.79, 1.0001);
        }
    }

    [Fact]
    public void Schedule_OneTry_NoOtherFollows() => new RetrySchedule(1, TimeSpan.FromHours(1)).After(1).ShouldBeNull();

    [Fact]
    public void Lanes_AWebhookThatFails_GetsOneUntilItWorksAgain()
    {
        var limiter = new DeliveryConcurrencyLimiter(total: 10, perWebhook: 4);
        var (bad, good) = (Guid.NewGuid(), Guid.NewGuid());
        limiter.Available(bad).ShouldBe(4);
        limiter.Acquire(bad);
        limiter.Acquire(bad);
        limiter.Available(bad).ShouldBe(2);

        limiter.Release(bad, succeeded: false);
        limiter.Available(bad).ShouldBe(0); // the other is still on its way
        limiter.Available(good).ShouldBe(4);
        limiter.Release(bad, succeeded: false);
        limiter.Available(bad).ShouldBe(1);
        limiter.Acquire(bad);
        limiter.Release(bad, succeeded: true);
        limiter.Available(bad).ShouldBe(4);
    }

    [Fact]
    public void Concurrency_AllPermitsTaken_GivesNone()
    {
        var limiter = new DeliveryConcurrencyLimiter(total: 3, perWebhook: 2);
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        limiter.Acquire(first);
        limiter.Acquire(first);
        limiter.Available(second).ShouldBe(1);
        limiter.Acquire(second);
        limiter.Available(second).ShouldBe(0);
        limiter.Available(Guid.NewGuid()).ShouldBe(0);
    }

    [Fact]
    public void Options_EveryWrongValue_IsNamed()
    {
        var result = new WebhookOptions.Validator().Validate(null, new WebhookOptions
        {
            Tries = 0, Concurrency = 0, ConcurrencyPerWebhook = 101, Timeout = TimeSpan.Zero, RetryWindow = TimeSpan.FromDays(8), Poll = TimeSpan.FromHours(1),
        });

        result.Failures!.Select(failure => failure.Split(' ')[0]).ShouldBe(
            new[] { "Tries", "Concurrency", "ConcurrencyPerWebhook", "Timeout", "RetryWindow", "Poll" }.Select(key => $"Webhooks:{key}"), ignoreOrder: true);
        new WebhookOptions.Validator().Validate(null, new WebhookOptions()).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Signal_RungSeveralTimes_WakesOnce()
    {
        using var signal = new DeliverySignal();
        Parallel.For(0, 100, _ => signal.Set());
        await signal.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        using var over = new CancellationTokenSource();
        var second = signal.WaitAsync(Timeout.InfiniteTimeSpan, over.Token);
        second.IsCompleted.ShouldBeFalse();
        signal.Set();
        await second;
    }
}
