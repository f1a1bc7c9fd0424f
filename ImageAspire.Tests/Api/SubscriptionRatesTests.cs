using ImageAspire.Api.Operations;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Api;

public sealed class SubscriptionRatesTests
{
    private readonly FakeTimeProvider _clock = new(Samples.Noon);
    private readonly SubscriptionRates _rates;

    public SubscriptionRatesTests() => _rates = new SubscriptionRates(_clock);

    [Fact]
    public void Of_FirstRead_HasNoRates() => _rates.Of(Waiting(5)).ShouldBe(new SubscriptionRates.Rates(null, null));

    [Fact]
    public void Of_SecondRead_HasArrivedAndCompleted()
    {
        _rates.Of(Waiting(5));
        Arrive(ImageEventTypes.Received, 30);
        Arrive(ImageEventTypes.Inspected, 7); // not for this subscription
        _clock.Advance(TimeSpan.FromSeconds(30));
        _rates.Of(Waiting(15)).ShouldBe(new SubscriptionRates.Rates(60, 40));
    }

    [Fact]
    public void Of_ASubscriptionOfEveryType_CountsEveryType()
    {
        _rates.Of(new SubscriptionStatus("record-audit", 0, 0, 0, 0, null));
        Arrive(ImageEventTypes.Received, 3);
        Arrive(ImageEventTypes.Deleted, 3);
        _clock.Advance(TimeSpan.FromSeconds(30));
        _rates.Of(new SubscriptionStatus("record-audit", 0, 0, 0, 0, null)).Completed.ShouldBe(12);
    }

    [Fact]
    public void Of_FailedRetriedAndScheduledMessages_AreNotDone()
    {
        _rates.Of(new SubscriptionStatus("inspect-image", 10, 0, 0, 0, null));
        _clock.Advance(TimeSpan.FromSeconds(60));
        _rates.Of(new SubscriptionStatus("inspect-image", 2, 3, 4, 1, null)).ShouldBe(new SubscriptionRates.Rates(0, 0));
    }

    [Fact]
    public void Of_TheFeedBehindTheCounts_IsNeverLessThanNothing()
    {
        _rates.Of(Waiting(0));
        _clock.Advance(TimeSpan.FromSeconds(10));
        _rates.Of(Waiting(4)).Completed.ShouldBe(0);
    }

    [Fact]
    public void Of_ManyLooksOverALongTime_SpansTheLastMinuteOnly()
    {
        Arrive(ImageEventTypes.Received, 6_000);
        for (var second = 0; second < 300; second++)
        {
            _rates.Of(Waiting(0));
            _rates.Of(Waiting(0)); // another operator
            Arrive(ImageEventTypes.Received, 2);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _rates.Of(Waiting(0)).Completed.ShouldBe(120);
    }

    [Fact]
    public void Of_LastReadLongAgo_HasNoRates()
    {
        _rates.Of(Waiting(0));
        Arrive(ImageEventTypes.Received, 100);
        _clock.Advance(TimeSpan.FromHours(1));
        _rates.Of(Waiting(0)).Completed.ShouldBeNull();
    }

    private static SubscriptionStatus Waiting(long active) => new("inspect-image", active, 0, 0, 0, null);

    private void Arrive(string type, int count)
    {
        for (var i = 0; i < count; i++)
            _rates.Count(Samples.Event(type, Samples.Image()));
    }
}
