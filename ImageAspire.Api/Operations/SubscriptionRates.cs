using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>
/// Arrival and completion rates of subscriptions, without counters in the topic or in the workers: this instance receives every event for its
/// cache and live feed, so it knows what arrived; what arrived between two samples and no longer waits was completed. So there is a rate from
/// the second sample on, over at most the last minute. Memory: a counter for each type, a minute of samples for each subscription.
/// </summary>
internal sealed class SubscriptionRates(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _arrived = ImageEventTypes.All.ToDictionary(type => type, _ => 0L);
    private readonly Dictionary<string, Queue<Sample>> _samples = [];

    /// <summary>Counts a published event.</summary>
    public void Count(ImageEvent e)
    {
        lock (_lock)
        {
            if (_arrived.TryGetValue(e.Type, out var count))
                _arrived[e.Type] = count + 1;
        }
    }

    /// <summary>Adds a sample and compares it with one up to a minute old: events a minute; null for the first sample.</summary>
    public Rates Of(SubscriptionStatus status)
    {
        lock (_lock)
        {
            var now = new Sample(time.GetUtcNow(), Arrived(status.Name), status.Active + status.InFlight + status.Scheduled + status.DeadLettered);
            if (!_samples.TryGetValue(status.Name, out var samples))
                _samples.Add(status.Name, samples = new Queue<Sample>());
            while (samples.TryPeek(out var oldest) && now.At - oldest.At > Window)
                samples.Dequeue();
            var rates = samples.TryPeek(out var then) && now.At - then.At >= ShortestSpan ? Between(then, now) : new Rates(null, null);
            // However often operators poll, one sample a second is kept.
            if (samples.Count == 0 || now.At - samples.Last().At >= ShortestSpan)
                samples.Enqueue(now);
            return rates;
        }
    }

    private long Arrived(string subscription)
    {
        var types = StageCatalog.Subscriptions.FirstOrDefault(one => one.Name == subscription)?.Types;
        return _arrived.Where(one => types?.Contains(one.Key) != false).Sum(one => one.Value);
    }

    // The event feed may lag behind the counts: a rate is never negative.
    private static Rates Between(Sample then, Sample now)
    {
        var arrived = now.Arrived - then.Arrived;
        var done = Math.Max(0, arrived - (now.Waiting - then.Waiting));
        var minutes = (now.At - then.At).TotalMinutes;
        return new Rates(Math.Round(arrived / minutes, 1), Math.Round(done / minutes, 1));
    }

    /// <summary>Events a minute.</summary>
    /// <param name="Arrived">Published for the subscription.</param>
    /// <param name="Completed">Completed.</param>
    internal readonly record struct Rates(double? Arrived, double? Completed);

    private readonly record struct Sample(DateTimeOffset At, long Arrived, long Waiting);
}
