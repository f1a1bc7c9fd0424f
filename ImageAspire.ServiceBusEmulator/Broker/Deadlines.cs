namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Messages (or other numbered things) by a time at which something happens to them.</summary>
internal sealed class Deadlines(WakeUps wakeUps, IWakeable owner)
{
    private readonly SortedSet<(DateTimeOffset Due, long Number)> _all = [];

    /// <summary>The earliest; the end of time when there is none.</summary>
    public DateTimeOffset Next => _all.Count == 0 ? DateTimeOffset.MaxValue : _all.Min.Due;

    public void Add(DateTimeOffset due, long number)
    {
        if (due == DateTimeOffset.MaxValue)
            return;
        _all.Add((due, number));
        wakeUps.At(owner, due);
    }

    public void Remove(DateTimeOffset due, long number) => _all.Remove((due, number));

    /// <summary>Takes out the earliest one that is due.</summary>
    /// <returns>Its number; null when nothing is due.</returns>
    public long? TakeDue(DateTimeOffset now)
    {
        if (Next > now)
            return null;
        var first = _all.Min;
        _all.Remove(first);
        return first.Number;
    }
}
