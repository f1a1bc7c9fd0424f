using ImageAspire.Api.Alarms;
using ImageAspire.Core.Events;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Alarms;

public sealed class OutcomeRatesTests
{
    private readonly FakeTimeProvider _clock = new(Samples.Noon);

    [Fact]
    public void Read_EventsOfTenMinutes_OnlyOutcomesCount()
    {
        var rates = new OutcomeRates(_clock);
        foreach (var type in ImageEventTypes.All)
            rates.Add(Samples.Event(type, Samples.Image()));
        _clock.Advance(TimeSpan.FromMinutes(6));
        rates.Add(Samples.Event(ImageEventTypes.Failed, Samples.Image()));
        rates.Read().ShouldBe((1, 2));
        _clock.Advance(TimeSpan.FromMinutes(5));
        rates.Read().ShouldBe((0, 1));
        _clock.Advance(TimeSpan.FromMinutes(6));
        rates.Read().ShouldBe((0, 0));
    }
}
