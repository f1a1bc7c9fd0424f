namespace ImageAspire.Webhooks;

/// <summary>
/// Limits concurrent deliveries: in total, and to each webhook. A webhook whose last attempt failed has a single permit, so that
/// receivers that hang delay only themselves.
/// </summary>
/// <param name="total">Permits of all webhooks together.</param>
/// <param name="perWebhook">Permits of one webhook.</param>
internal sealed class DeliveryConcurrencyLimiter(int total, int perWebhook)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _acquired = []; // no more entries than permits
    private readonly HashSet<Guid> _failing = []; // no more than webhooks, see KeepOnly
    private int _inFlight;

    /// <summary>How many more deliveries to a webhook may start now.</summary>
    public int Available(Guid webhook)
    {
        lock (_lock)
            return Math.Max(0, Math.Min(total - _inFlight, (_failing.Contains(webhook) ? 1 : perWebhook) - _acquired.GetValueOrDefault(webhook)));
    }

    public void Acquire(Guid webhook)
    {
        lock (_lock)
        {
            _inFlight++;
            _acquired[webhook] = _acquired.GetValueOrDefault(webhook) + 1;
        }
    }

    public void Release(Guid webhook, bool succeeded)
    {
        lock (_lock)
        {
            _inFlight--;
            if (--_acquired[webhook] == 0)
                _acquired.Remove(webhook);
            if (succeeded)
                _failing.Remove(webhook);
            else
                _failing.Add(webhook);
        }
    }

    /// <summary>Forgets webhooks that no longer exist.</summary>
    public void KeepOnly(IEnumerable<Guid> existing)
    {
        lock (_lock)
            _failing.IntersectWith(existing);
    }
}
