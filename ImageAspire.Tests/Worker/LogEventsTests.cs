using ImageAspire.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.Worker;

public sealed class LogEventsTests
{
    [Fact]
    public void IdOf_NameOfAnEvent_IsTheIdWithWhichItIsLogged()
    {
        var log = new FakeLogCollector();
        var logger = new FakeLogger(log);

        StageLog.Done(logger, LogLevel.Information, "InspectImage", Guid.Empty, 1, null);
        StageLog.GivesUp(logger, "InspectImage", Guid.Empty, "code", "reason");

        log.GetSnapshot().Select(record => record.Id.Id).ShouldBe([LogEvents.IdOf("Done"), LogEvents.IdOf("GivesUp")]);
    }
}
