using ImageAspire.Core.Events;
using ImageAspire.Embedded.Audit;
using ImageAspire.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Worker;

/// <summary>The Worker's log has the heads of the audit log.</summary>
public sealed class AuditHeadLogTests
{
    [Fact]
    public async Task Start_AndEveryHourInWhichTheLogGrew_LogsTheHead()
    {
        using var folder = new TempFolder();
        await using var database = AuditSchema.Open(folder.Data);
        var (audit, clock, logger) = (new EmbeddedAuditLog(database), new FakeTimeProvider(Samples.Noon), new FakeLogger<AuditHeadLog>());
        await audit.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), CancellationToken.None);
        using var log = new AuditHeadLog(audit, clock, logger);

        await log.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => logger.Collector.Count == 1);
        var first = await audit.GetHeadAsync(CancellationToken.None);
        await audit.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), CancellationToken.None);
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromHours(1)); // more hours pass than it logs
            return logger.Collector.Count == 2;
        });
        clock.Advance(TimeSpan.FromHours(5));
        await log.StopAsync(CancellationToken.None);

        logger.Collector.GetSnapshot().ShouldAllBe(line => line.Level == LogLevel.Information);
        logger.Collector.GetSnapshot().Select(line => line.Message).ShouldBe(
            [$"The head of the audit log is {first}.", $"The head of the audit log is {await audit.GetHeadAsync(CancellationToken.None)}."]);
    }
}
