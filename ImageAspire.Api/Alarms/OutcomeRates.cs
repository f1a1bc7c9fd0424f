using ImageAspire.Core.Events;

namespace ImageAspire.Api.Alarms;

/// <summary>How many images were analyzed and how many failed within the last ten minutes, by the events that this Api sees: every Api sees all.</summary>
internal sealed class OutcomeRates(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly Queue<Count> _counts = []; // one for each step of the window

    /// <summary>Counts a published event.</summary>
    public void Add(ImageEvent e)
    {
        if (e.Type is not (ImageEventTypes.Analyzed or ImageEventTypes.Failed))
            return;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_counts.Count == 0 || now - _counts.Last().At >= Step)
                _counts.Enqueue(new Count(now));
            _ = e.Type == ImageEventTypes.Failed ? _counts.Last().Failed++ : _counts.Last().Analyzed++;
            Forget(now);
        }
    }

    /// <summary>Images that were analyzed, and that failed.</summary>
    public (long Analyzed, long Failed) Read()
    {
        lock (_lock)
        {
            Forget(time.GetUtcNow());
            return (_counts.Sum(one => one.Analyzed), _counts.Sum(one => one.Failed));
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (_counts.TryPeek(out var oldest) && now - oldest.At > Window)
            _counts.Dequeue();
    }

    private sealed class Count(DateTimeOffset at)
    {
        public DateTimeOffset At => at;

        public long Analyzed { get; set; }

        public long Failed { get; set; }
    }
}
