using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>
/// How much a subscription gets and gets done, without a counter in the topic or in the workers: this instance sees every event anyway, for
/// its cache and its live feed, so it knows what arrived; and what arrived and is not waiting any more between two looks was done. So there is a rate
/// from the second look on, over at most the last minute. Memory: a counter for each type, a minute of looks for each subscription.
/// </summary>
internal sealed class SubscriptionRates(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _arrived = ImageEventTypes.All.ToDictionary(type => type, _ => 0L);
    private readonly Dictionary<string, Queue<Look>> _looks = [];

    /// <summary>An event was published.</summary>
    public void Count(ImageEvent e)
    {
        lock (_lock)
        {
            if (_arrived.TryGetValue(e.Type, out var count))
                _arrived[e.Type] = count + 1;
        }
    }

    /// <summary>Remembers these counts, and compares them with those of up to a minute ago: events a minute; null at the first look.</summary>
    public Rates Of(SubscriptionStatus status)
    {
        lock (_lock)
        {
            var now = new Look(time.GetUtcNow(), Arrived(status.Name), status.Active + status.InFlight + status.Scheduled + status.DeadLettered);
            if (!_looks.TryGetValue(status.Name, out var looks))
                _looks.Add(status.Name, looks = new Queue<Look>());
            while (looks.TryPeek(out var oldest) && now.At - oldest.At > Window)
                looks.Dequeue();
            var rates = looks.TryPeek(out var then) && now.At - then.At >= ShortestSpan ? Between(then, now) : new Rates(null, null);
            // However many operators look, one look a second is kept.
            if (looks.Count == 0 || now.At - looks.Last().At >= ShortestSpan)
                looks.Enqueue(now);
            return rates;
        }
    }

    private long Arrived(string subscription)
    {
        var types = StageCatalog.Subscriptions.FirstOrDefault(one => one.Name == subscription)?.Types;
        return _arrived.Where(one => types?.Contains(one.Key) != false).Sum(one => one.Value);
    }

    // The feed may be some events behind the counts: never less than none.
    private static Rates Between(Look then, Look now)
    {
        var arrived = now.Arrived - then.Arrived;
        var done = Math.Max(0, arrived - (now.Waiting - then.Waiting));
        var minutes = (now.At - then.At).TotalMinutes;
        return new Rates(Math.Round(arrived / minutes, 1), Math.Round(done / minutes, 1));
    }

    /// <summary>Events a minute.</summary>
    /// <param name="Arrived">Published for the subscription.</param>
    /// <param name="Completed">Done with.</param>
    internal readonly record struct Rates(double? Arrived, double? Completed);

    private readonly record struct Look(DateTimeOffset At, long Arrived, long Waiting);
}
