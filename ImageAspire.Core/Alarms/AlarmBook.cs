namespace ImageAspire.Core.Alarms;

/// <summary>The alarms that are open, and the last ones that ended: one small document that the Apis share.</summary>
/// <param name="Version">0 before it is first stored; grows with every change.</param>
/// <param name="Alarms">In the order in which they were raised.</param>
public sealed record AlarmBook(long Version, IReadOnlyList<Alarm> Alarms)
{
    /// <summary>Most alarms that ended which are kept.</summary>
    public const int MostEnded = 50;

    /// <summary>How long they are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>No alarm.</summary>
    public static readonly AlarmBook Empty = new(0, []);

    /// <summary>Those that are not over.</summary>
    public IEnumerable<Alarm> Open => Alarms.Where(one => one.IsOpen);

    /// <summary>The next version: without alarms that ended long ago; this one when nothing else changes.</summary>
    /// <param name="alarms">The alarms, changed or not.</param>
    /// <param name="now">The time, UTC.</param>
    public AlarmBook With(IReadOnlyList<Alarm> alarms, DateTimeOffset now)
    {
        if (alarms.SequenceEqual(Alarms))
            return this;
        // What was not yet announced must be.
        var kept = alarms.Where(one => one.IsOpen || !one.Announced || now - one.EndedAt < Kept).ToList();
        var surplus = kept.Where(one => !one.IsOpen && one.Announced).OrderByDescending(one => one.EndedAt).Skip(MostEnded).ToHashSet();
        return new AlarmBook(Version + 1, [.. kept.Where(one => !surplus.Contains(one))]);
    }
}
