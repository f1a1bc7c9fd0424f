using ImageAspire.Core.Alarms;

namespace ImageAspire.Api.Alarms;

/// <summary>
/// Raises and ends alarms. Of one that is open the cause must be away for <see cref="AlarmOptions.EndAfter"/> before it is over; that time is counted
/// by each process for itself.
/// </summary>
internal sealed class AlarmChanges(AlarmOptions options)
{
    private readonly Dictionary<Guid, DateTimeOffset> _awaySince = []; // of open alarms

    /// <summary>The alarms after a look.</summary>
    /// <param name="before">The alarms before it.</param>
    /// <param name="conditions">What it saw.</param>
    /// <param name="now">When, UTC.</param>
    public IReadOnlyList<Alarm> Next(IReadOnlyList<Alarm> before, AlarmConditions conditions, DateTimeOffset now)
    {
        var all = conditions.All();
        var after = before.Select(alarm => alarm.IsOpen ? Continue(alarm, all, conditions.IsUnknown(alarm), now) : alarm).ToList();
        after.AddRange(all.Where(one => one.Raises && !after.Exists(alarm => alarm.IsOpen && alarm.IsAbout(one.Code, one.Name))).Select(one => Raise(one, now)));
        foreach (var id in _awaySince.Keys.Except(after.Where(one => one.IsOpen).Select(one => one.Id)).ToList())
            _awaySince.Remove(id);
        return after;
    }

    private Alarm Continue(Alarm alarm, IReadOnlyList<AlarmCondition> all, bool isUnknown, DateTimeOffset now)
    {
        if (all.FirstOrDefault(one => alarm.IsAbout(one.Code, one.Name)) is { } condition)
        {
            _awaySince.Remove(alarm.Id);
            return condition.Description == alarm.Description ? alarm : alarm with { Description = condition.Description };
        }

        if (isUnknown)
            _awaySince.Remove(alarm.Id);
        else if (!_awaySince.TryAdd(alarm.Id, now) && now - _awaySince[alarm.Id] >= options.EndAfter)
            return alarm with { EndedAt = now, EndId = Guid.CreateVersion7(now), Announced = false };
        return alarm;
    }

    private static Alarm Raise(AlarmCondition one, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now), Code = one.Code, Name = one.Name, Since = one.Since, RaisedAt = now, Description = one.Description,
    };
}
