using ImageAspire.Core.Heartbeats;
using ImageAspire.Tests.Heartbeats;
using ImageAspire.Worker;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Worker;

public sealed class StageRetryLogTests
{
    private readonly FakeTimeProvider _time = new(Samples.Noon);

    [Fact]
    public void AddTo_Heartbeat_HasTheLastDueTimeAndReasonOfEachStageUntilThen()
    {
        var log = new StageRetryLog(_time);
        log.Add("analyze-image", TimeSpan.FromSeconds(30), "first");
        log.Add("analyze-image", TimeSpan.FromSeconds(10), "second");
        log.Add("record-audit", TimeSpan.FromSeconds(5), "other");

        log.AddTo(Beats.Of(at: Samples.Noon)).Retries.ShouldBe(
            [new StageRetry("analyze-image", Samples.Noon.AddSeconds(30), "second"), new StageRetry("record-audit", Samples.Noon.AddSeconds(5), "other")], ignoreOrder: true);
        log.AddTo(Beats.Of(at: Samples.Noon.AddSeconds(6))).Retries.ShouldHaveSingleItem().Subscription.ShouldBe("analyze-image");
        log.AddTo(Beats.Of(at: Samples.Noon.AddSeconds(30))).Retries.ShouldBeEmpty();
    }
}
