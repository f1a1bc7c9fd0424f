using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Stores;

namespace ImageAspire.ServiceDefaults.Heartbeats;

/// <summary>Calls of one caller to one called over the last five minutes, in slots of ten seconds. Memory: 30 slots of 60 numbers.</summary>
internal sealed class CallWindow(string caller, string called)
{
    private const int Buckets = 60; // the last one is of ten minutes and more
    private static readonly TimeSpan SlotLength = TimeSpan.FromSeconds(10);
    private static readonly int Count = (int)(CallFigures.Window / SlotLength);
    private readonly Lock _lock = new();
    private readonly Slot[] _slots = [.. Enumerable.Range(0, Count).Select(_ => new Slot())];

    public void Add(DateTimeOffset now, TimeSpan duration, bool failed)
    {
        var number = now.Ticks / SlotLength.Ticks;
        lock (_lock)
        {
            var slot = _slots[number % Count];
            if (slot.Number != number)
            {
                slot.Number = number;
                slot.Failed = 0;
                Array.Clear(slot.Durations);
            }

            slot.Failed += failed ? 1 : 0;
            slot.Durations[Math.Min(DurationHistogram.BucketOf(duration), Buckets - 1)]++;
        }
    }

    /// <summary>The figures; null when there was no call.</summary>
    public CallFigures? Read(DateTimeOffset now)
    {
        var oldest = now.Ticks / SlotLength.Ticks - Count + 1;
        var (durations, failed) = (new long[Buckets], 0L);
        lock (_lock)
        {
            foreach (var slot in _slots.Where(slot => slot.Number >= oldest))
            {
                failed += slot.Failed;
                for (var bucket = 0; bucket < Buckets; bucket++)
                    durations[bucket] += slot.Durations[bucket];
            }
        }

        var last = Array.FindLastIndex(durations, count => count > 0);
        return last < 0 ? null : new CallFigures(caller, called, durations.Sum(), failed, durations[..(last + 1)]);
    }

    private sealed class Slot
    {
        public long Number { get; set; }

        public long Failed { get; set; }

        public long[] Durations { get; } = new long[Buckets];
    }
}
