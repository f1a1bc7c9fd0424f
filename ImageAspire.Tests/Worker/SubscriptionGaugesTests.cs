using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Ports;
using ImageAspire.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Worker;

public sealed class SubscriptionGaugesTests
{
    [Fact]
    public async Task Gauge_AfterALook_ReportsEveryStateAndNothingWhenTheTopicIsSilent()
    {
        var name = $"gauge-{Guid.NewGuid():N}"; // other tests of this process have their own
        var topic = new Topic { Status = new SubscriptionStatus(name, 7, 3, 2, 1, null) };
        var seen = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == Telemetry.SubscriptionDepth && instrument.Meter.Name == Telemetry.Name)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!);
            if (all["subscription"] == name)
                seen[all["state"]] = count;
        });
        listener.Start();
        var time = new CountedWaits();
        using (var gauges = new SubscriptionGauges(topic, time, NullLogger<SubscriptionGauges>.Instance))
        {
            await gauges.StartAsync(CancellationToken.None);
            await Eventually.TrueAsync(() => time.Waits == 1);
            listener.RecordObservableInstruments();
            seen.ShouldBe(new Dictionary<string, long> { ["active"] = 7, ["in_flight"] = 3, ["scheduled"] = 2, ["dead_lettered"] = 1 }, ignoreOrder: true);

            seen.Clear();
            topic.Status = null;
            time.Advance(TimeSpan.FromMinutes(1));
            await Eventually.TrueAsync(() => time.Waits == 2);
            listener.RecordObservableInstruments();
            seen.ShouldBeEmpty();

            topic.Status = new SubscriptionStatus(name, 8, 0, 0, 0, null);
            time.Advance(TimeSpan.FromMinutes(1));
            await Eventually.TrueAsync(() => time.Waits == 3);
            listener.RecordObservableInstruments();
            seen["active"].ShouldBe(8);
            await gauges.StopAsync(CancellationToken.None);
        }

        seen.Clear();
        listener.RecordObservableInstruments();
        seen.ShouldBeEmpty(); // gone with its host
    }

    private sealed class Topic : ITopicOperations
    {
        public SubscriptionStatus? Status { get; set; }

        public Task<IReadOnlyList<SubscriptionStatus>> GetStatusAsync(CancellationToken cancellationToken) =>
            Status is { } status ? Task.FromResult<IReadOnlyList<SubscriptionStatus>>([status]) : throw new IOException("The topic does not answer.");

        public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string subscription, int limit, long? before, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> ResolveDeadLetterAsync(string subscription, long sequence, bool discard, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> PauseAsync(string subscription, string by, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> ResumeAsync(string subscription, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>Counts the waits, so that a test advances the time only when something waits for it.</summary>
    private sealed class CountedWaits : FakeTimeProvider
    {
        private int _waits;

        public int Waits => Volatile.Read(ref _waits);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _waits);
            return timer;
        }
    }
}
