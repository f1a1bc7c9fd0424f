using ImageAspire.ServiceBusEmulator.Store;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>The message ids of the last minutes.</summary>
internal sealed class DuplicateHistory(Journal journal, long queue)
{
    private readonly HashSet<string> _ids = [];
    private readonly Queue<(string Id, DateTimeOffset Until)> _byTime = new();

    /// <summary>Notes an id until a time.</summary>
    /// <returns>False when it is known already.</returns>
    public bool TryAdd(string id, DateTimeOffset now, TimeSpan window)
    {
        Forget(now);
        if (!_ids.Add(id))
            return false;
        var until = EntitySettings.After(now, window);
        _byTime.Enqueue((id, until));
        journal.Record(new StoreChange.PutDuplicate(new StoredDuplicate(queue, id, until.UtcTicks)));
        return true;
    }

    /// <summary>Whether an id would be refused now.</summary>
    public bool Has(string id, DateTimeOffset now)
    {
        Forget(now);
        return _ids.Contains(id);
    }

    /// <summary>Takes in what was kept.</summary>
    public void Load(StoredDuplicate kept)
    {
        if (_ids.Add(kept.MessageId))
            _byTime.Enqueue((kept.MessageId, new DateTimeOffset(kept.Until, TimeSpan.Zero)));
    }

    private void Forget(DateTimeOffset now)
    {
        DateTimeOffset? last = null;
        while (_byTime.TryPeek(out var oldest) && oldest.Until <= now)
        {
            _ids.Remove(oldest.Id);
            last = oldest.Until;
            _byTime.Dequeue();
        }

        if (last is { } until)
            journal.Record(new StoreChange.RemoveDuplicates(queue, until.UtcTicks));
    }
}
