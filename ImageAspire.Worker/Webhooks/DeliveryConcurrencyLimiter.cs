namespace ImageAspire.Worker.Webhooks;

/// <summary>
/// How many deliveries may be on their way: in all, and to each webhook. One whose last try failed has a single lane, so that
/// receivers that hang hold up themselves and nobody else.
/// </summary>
/// <param name="all">In all.</param>
/// <param name="each">To one webhook.</param>
internal sealed class DeliveryConcurrencyLimiter(int all, int each)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _taken = []; // no more entries than lanes
    private readonly HashSet<Guid> _failing = []; // no more than webhooks, see Forget
    private int _sum;

    /// <summary>How many more may go to a webhook now.</summary>
    public int Free(Guid webhook)
    {
        lock (_lock)
            return Math.Max(0, Math.Min(all - _sum, (_failing.Contains(webhook) ? 1 : each) - _taken.GetValueOrDefault(webhook)));
    }

    /// <summary>One goes.</summary>
    public void Take(Guid webhook)
    {
        lock (_lock)
        {
            _sum++;
            _taken[webhook] = _taken.GetValueOrDefault(webhook) + 1;
        }
    }

    /// <summary>One is back.</summary>
    public void Release(Guid webhook, bool succeeded)
    {
        lock (_lock)
        {
            _sum--;
            if (--_taken[webhook] == 0)
                _taken.Remove(webhook);
            if (succeeded)
                _failing.Remove(webhook);
            else
                _failing.Add(webhook);
        }
    }

    /// <summary>Forgets webhooks that are no longer there.</summary>
    public void Forget(IEnumerable<Guid> existing)
    {
        lock (_lock)
            _failing.IntersectWith(existing);
    }
}
