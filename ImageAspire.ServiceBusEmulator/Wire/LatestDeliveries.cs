using System.Diagnostics;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>
/// What was sent on a link a moment ago, which the client has not seen if it closes the link now. Nothing in AMQP says what a client has seen before it settles, so
/// the moment is a guess (<see cref="WireLimits.InFlight"/>): a client that receives, closes its link and settles over another one within it has lost its lock, which
/// the cloud would keep (docs/service-bus-emulator.md). Real time, whatever the emulator's clock: it is about the network. Thread-safe.
/// </summary>
internal sealed class LatestDeliveries
{
    private readonly Queue<(Guid Lock, long SentAt)> _all = [];

    public void Sent(Guid token)
    {
        lock (_all)
        {
            while (_all.TryPeek(out var oldest) && !IsInFlight(oldest.SentAt))
                _all.Dequeue();
            _all.Enqueue((token, Stopwatch.GetTimestamp()));
        }
    }

    /// <summary>The client has seen it: it has settled it in a transaction, and may close its link before it commits.</summary>
    public void Seen(Guid token)
    {
        lock (_all)
        {
            for (var left = _all.Count; left > 0; left--)
            {
                var one = _all.Dequeue();
                if (one.Lock != token)
                    _all.Enqueue(one);
            }
        }
    }

    public Guid[] Unseen()
    {
        lock (_all)
            return [.. _all.Where(one => IsInFlight(one.SentAt)).Select(one => one.Lock)];
    }

    private static bool IsInFlight(long sentAt) => Stopwatch.GetElapsedTime(sentAt) <= WireLimits.InFlight;
}
