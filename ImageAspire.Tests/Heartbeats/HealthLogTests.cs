using ImageAspire.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Heartbeats;

/// <summary>What the log says about dependencies: one line when one goes, and one when it is back.</summary>
public sealed class HealthLogTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(Samples.Noon);
    private readonly FakeLogCollector _log = new();
    private readonly ServiceProvider _services;
    private readonly HealthReader _reader;
    private HealthCheckResult _vision = HealthCheckResult.Degraded("It is starting.");

    public HealthLogTests()
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddLogging(log => log.AddProvider(new FakeLoggerProvider(_log)).AddFilter("Microsoft", LogLevel.None));
        services.AddHealthReader();
        services.AddHealthChecks().AddCheck("vision", () => _vision);
        _services = services.BuildServiceProvider();
        _reader = _services.GetRequiredService<HealthReader>();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Read_NotYetThereAtTheStart_IsNoWarning()
    {
        await ReadAsync(after: 0);
        _vision = HealthCheckResult.Healthy();
        await ReadAsync(after: 20);

        _log.GetSnapshot().ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_StillNotThereAfterTheStart_IsOneWarning()
    {
        await ReadAsync(after: 0);
        await ReadAsync(after: 31);
        await ReadAsync(after: 5);

        _log.Warnings().ShouldHaveSingleItem().Message.ShouldBe("vision is Degraded: It is starting.");
    }

    [Fact]
    public async Task Read_GoesAndComesBack_IsOneWarningEach()
    {
        _vision = HealthCheckResult.Healthy();
        await ReadAsync(after: 0);
        _vision = HealthCheckResult.Degraded("It is not there.");
        await ReadAsync(after: 5);
        await ReadAsync(after: 5);
        await ReadAsync(after: 600);
        _vision = HealthCheckResult.Healthy();
        await ReadAsync(after: 5);
        await ReadAsync(after: 5);

        _log.GetSnapshot().Select(line => (line.Level, line.Category, line.Message)).ShouldBe(
        [
            (LogLevel.Warning, HealthReader.Category, "vision is Degraded: It is not there."), (LogLevel.Warning, HealthReader.Category, "vision is healthy again."),
        ]);
    }

    private async Task ReadAsync(int after)
    {
        _time.Advance(TimeSpan.FromSeconds(after));
        await _reader.ReadAsync(CancellationToken.None);
    }
}
